"""The people of the demonstration: all invented, one at least in every unit that has to act."""

from dataclasses import dataclass
from datetime import date

from tracker.committees.models import Role, Seat, Tenure, UnitKind
from tracker.db import db
from tracker.demo.source import REPORTED_AT, Rows, Unfit
from tracker.people.models import Person
from tracker.people.passwords import hash_password
from tracker.people.queries import email_key
from tracker.text import person_sort_key

PASSWORD = "tien-do-dak-nong-2018"  # noqa: S105 - published, refused in production
SINCE = date(2018, 1, 1)
_ACTING = {Role.CHAIR, Role.OFFICE}
_HEADS = {Role.CHAIR, Role.LEADER}


@dataclass(frozen=True)
class Invented:
    """Somebody who does not exist: what is typed to sign in, a name, and the seat."""

    account: str
    name: str
    unit: str | None
    role: Role = Role.CHAIR

    @property
    def email(self) -> str:
        """Return the address by which they sign in."""
        return f"{self.account}@demo.local"


PEOPLE = (
    Invented("office", "Nghiêm Thu Thảo", "tinh_uy", Role.OFFICE),
    Invented("leader", "Khuất Minh Trí", "btv_tu", Role.LEADER),
    Invented("chair", "Quách Gia Hưng", "bcd_nq18"),
    Invented("member", "Lục Thị Mây", "hu_dak_mil", Role.MEMBER),
    Invented("admin", "Phí Đức Tuệ", None),
    Invented("ban-thuong-vu", "Thẩm Quốc Bách", "btv_tu", Role.OFFICE),
    Invented("thuong-truc", "Doãn Thị Nhài", "tt_tu", Role.OFFICE),
    Invented("ban-to-chuc", "Giáp Thanh Vân", "btc_tu"),
    Invented("ban-to-chuc-2", "Bạch Thị Quế", "btc_tu", Role.MEMBER),
    Invented("phong-chuyen-mon", "Ứng Thị Hòa", "btc_tu_phong"),
    Invented("khoi-doanh-nghiep", "Mạc Hữu Lâm", "du_khoi_dn"),
    Invented("chi-dao-39", "Tống Khánh Ngân", "bcd_nq39"),
    Invented("giup-viec-39", "Lưu Bá Tường", "tgv_nq39"),
    Invented("giup-viec-18", "Kiều Nhật Diệp", "tgv_nq18"),
    Invented("gia-nghia", "Âu Thị Sen", "tu_gia_nghia"),
    Invented("dak-mil", "Cấn Xuân Phú", "hu_dak_mil"),
    Invented("dak-glong", "Đàm Thị Lụa", "hu_dak_glong"),
    Invented("cu-jut", "Thiều Văn Khoát", "hu_cu_jut"),
    Invented("dak-song", "Vi Thị Nguyệt", "hu_dak_song"),
    Invented("dak-rlap", "Tăng Bảo Khang", "hu_dak_rlap"),
    Invented("krong-no", "Lại Thị Thơm", "hu_krong_no"),
    Invented("tuy-duc", "Sầm Trọng Kha", "hu_tuy_duc"),
)


def load_people(rows: Rows) -> None:
    """Make the people and their seats; every unit that leads or assigns must have somebody who acts."""
    kept = hash_password(PASSWORD)
    for invented in PEOPLE:
        person = _person(invented, kept)
        if invented.unit is not None:
            _seat(invented, person, rows.units[invented.unit].id)
    db.session.flush()
    if idle := idle_units(rows):
        raise Unfit(f"Nobody acts for: {', '.join(idle)}.")


def idle_units(rows: Rows) -> list[str]:
    """Return the units that lead or assign and have neither a chair nor an office."""
    acting = {invented.unit for invented in PEOPLE if invented.role in _ACTING}
    busy = {unit for task in rows.tasks.values() for unit in (task.lead_id, task.assigner_id)}
    return [
        code
        for code, unit in rows.units.items()
        if unit.id in busy
        and code not in acting
        and unit.kind is not UnitKind.COLLECTIVE
        and not unit.outside
    ]


def _person(invented: Invented, kept: str) -> Person:
    person = Person(
        name=invented.name,
        sort_key=person_sort_key(invented.name),
        email=invented.email,
        email_key=email_key(invented.email),
        password_hash=kept,
        is_admin=invented.unit is None,
        created_at=REPORTED_AT,
    )
    db.session.add(person)
    db.session.flush()
    return person


def _seat(invented: Invented, person: Person, unit_id: int) -> None:
    seat = Seat(unit_id=unit_id, role=invented.role, is_head=invented.role in _HEADS)
    db.session.add(seat)
    db.session.flush()
    db.session.add(Tenure(seat_id=seat.id, person_id=person.id, from_on=SINCE))
