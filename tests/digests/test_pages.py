"""The page of the digest: today's as it would be sent, and what one wants of it."""

from datetime import date

import pytest
from sqlalchemy import func, select

from tests.digests.desks import told
from tests.reading import text_of
from tests.worlds import a_task
from tracker.db import db
from tracker.digests.actions import prefer
from tracker.digests.queries import wishes_of
from tracker.digests.values import Section, Wishes
from tracker.digests.views import linked
from tracker.mail.models import Mail

FORM = "/digest/preferences"


@pytest.fixture
def an(client, full):
    return client.sign_in(full.an.email)


def wishes(app, person):
    with app.app_context():
        return wishes_of(person.id)


def test_the_page_shows_todays_digest_with_links(an):
    page = an.get("/digest")
    assert "Bản tin ngày 10-4-2018" in text_of(page.text)
    assert 'href="/tasks/1/acknowledgement"' in page.text


@pytest.mark.parametrize("behind", ["//evil.example/x", "javascript:alert(1)", "@evil.example"])
def test_what_somebody_wrote_behind_our_address_is_no_link(app, behind):
    with app.app_context():
        base = app.extensions["settings"].public_url
        assert linked(f"Xem {base}{behind} nhé") == f"Xem {base}{behind} nhé"
        assert linked(f"Xem {base} nhé") == f'Xem <a href="/">{base}</a> nhé'


def test_looking_makes_no_digest_due(app, an, full):
    an.get("/digest")
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Mail)) == 0


def test_a_day_without_news_says_so_and_shows_how_things_stand(app, client, world):
    with app.app_context():
        a_task(world, due=date(2018, 3, 1))
        told(world.chi, date(2018, 4, 9))
    words = text_of(client.sign_in(world.chi.email).get("/digest").text)
    assert "Hôm nay không có nội dung mới nên không gửi bản tin." in words
    assert "Tình hình hiện tại:" in words
    assert "quá hạn 40 ngày" in words


def test_nothing_new_is_said_in_words(app, client, world):
    with app.app_context():
        a_task(world, due=None)
    client.sign_in(world.chi.email)
    assert "Hôm nay không có nội dung mới nên không gửi bản tin." in text_of(
        client.get("/digest").text
    )


def test_whoever_has_no_seat_gets_none_and_is_told_so(client, full):
    client.sign_in(full.khanh.email)
    words = text_of(client.get("/digest").text)
    assert "Tài khoản này không giữ vị trí công tác nào" in words


def test_in_english_the_page_is_english_and_the_mail_in_its_readers_language(app, an, full):
    page = an.get("/digest?lang=en").text
    assert "Today's digest" in page.replace("&#39;", "'")
    assert '<article class="letter" lang="vi"' in page


def test_wishes_are_kept(app, an, full):
    answer = an.submit("/digest", FORM, sections=["late", "due_soon"], quiet_days=["5"])
    assert answer.status_code == 303
    off = frozenset(Section) - {Section.LATE, Section.DUE_SOON}
    assert wishes(app, full.an) == Wishes(off=off, quiet_days=frozenset({5}))
    assert wishes(app, full.binh) == Wishes()
    again = an.submit("/digest", FORM, wanted=None)
    assert again.status_code == 303
    assert wishes(app, full.an) == Wishes(is_off=True, off=off, quiet_days=frozenset({5}))
    assert "Đang ngừng nhận bản tin." in text_of(an.get("/digest").text)


def test_what_is_unknown_is_refused(app, an, full):
    assert an.submit("/digest", FORM, sections=["late", "gossip"]).status_code == 422
    assert an.submit("/digest", FORM, quiet_days=["9"]).status_code == 422
    assert an.submit("/digest", FORM, version="x").status_code == 422
    assert wishes(app, full.an) == Wishes()


def test_a_stale_form_is_answered_with_both_versions(app, an, full):
    with app.app_context():
        prefer(full.an.id, is_off=False, off=[Section.BRANCH], quiet_days=[])
        db.session.commit()
    stale = an.submit("/digest", FORM, version="0", sections=["late"])
    assert stale.status_code == 409
    words = text_of(stale.text)
    assert "Không nhận mục: Quá hạn tại các đơn vị phụ trách." in words
    assert 'value="late" checked' in stale.text
    assert 'name="version" value="1"' in stale.text
    assert wishes(app, full.an) == Wishes(off=frozenset({Section.BRANCH}))
    assert an.submit("/digest", FORM, sections=["late"]).status_code == 303


def test_only_ones_own_wishes_can_be_set(app, an, full):
    an.submit("/digest", FORM, wanted=None, person_id=full.binh.id)
    assert wishes(app, full.binh) == Wishes()
    assert wishes(app, full.an).is_off
