"""The words for kinds and levels of units and for roles, untranslated; the page translates them."""

from collections.abc import Mapping

from tracker.committees.models import Level, Role, UnitKind
from tracker.text import N_

KINDS: Mapping[UnitKind, str] = {
    UnitKind.ORGAN: N_("Leading organ"),
    UnitKind.STANDING_BODY: N_("Standing body"),
    UnitKind.ADVISORY: N_("Advisory body"),
    UnitKind.TERRITORY: N_("Territory"),
    UnitKind.PARTY_ORG: N_("Party organisation"),
    UnitKind.PARTY_COMMITTEE: N_("Party committee"),
    UnitKind.TEMPORARY: N_("Temporary body"),
    UnitKind.COLLECTIVE: N_("Group of units"),
    UnitKind.AGENCY: N_("Agency"),
}

# From the highest level down: the order of every list.
LEVELS: Mapping[Level, str] = {
    Level.CENTRAL: N_("Central level"),
    Level.PROVINCE: N_("Provincial level"),
    Level.DISTRICT: N_("District level"),
    Level.COMMUNE: N_("Commune level"),
    Level.CELL: N_("Party cells"),
    Level.ENTERPRISE: N_("Enterprises"),
    Level.GROUP: N_("Several levels"),
}

ROLES: Mapping[Role, str] = {
    Role.CHAIR: N_("Chair"),
    Role.LEADER: N_("Leader"),
    Role.OFFICE: N_("Office"),
    Role.MEMBER: N_("Member"),
    Role.OBSERVER: N_("Observer"),
}

LEVEL_ORDER: Mapping[Level, int] = {level: place for place, level in enumerate(LEVELS)}
