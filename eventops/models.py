"""All models, imported in one place, so that the metadata is whole for migrations and tests."""

from eventops.accounts import models as accounts
from eventops.billing import models as billing
from eventops.cases import models as cases
from eventops.cases.records import models as records
from eventops.checkin import models as checkin
from eventops.directory import bodies
from eventops.directory import models as directory
from eventops.events import models as events
from eventops.jobs import models as jobs
from eventops.mail import models as mail
from eventops.mailings import models as mailings
from eventops.meetings import models as meetings
from eventops.meetings.day import models as day
from eventops.meetings.sheets import models as sheets
from eventops.meetings.timetable import models as timetables
from eventops.printing import models as printing
from eventops.questions import models as questions
from eventops.registration import models as registration
from eventops.settings import models as settings

__all__ = [
    "accounts",
    "billing",
    "bodies",
    "cases",
    "checkin",
    "day",
    "directory",
    "events",
    "jobs",
    "mail",
    "mailings",
    "meetings",
    "printing",
    "questions",
    "records",
    "registration",
    "settings",
    "sheets",
    "timetables",
]
