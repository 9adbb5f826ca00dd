"""What can go wrong with what is kept, in words a person can act on.

StorageError            anything below
├── NewerDatabase       written by a newer Shixun than this one
├── DatabaseLocked      another process held it for longer than the busy timeout
│   └── TurnLost        two writers waited for each other, and this one was failed so that the other could go on
├── DiskFull            no space, or a quota reached
├── DatabaseUnreachable cannot be opened, or the server does not answer
├── BodyUnreadable      a kept body does not decompress to what was kept
├── NotEmpty            a database that an archive is to be moved into holds something
└── NotAlike            a moved archive is not what it was
"""


class StorageError(Exception):
    """A fault of the store; its text is one line for the person who runs it."""


class NewerDatabase(StorageError):
    """The database has a schema this program does not know."""


class DatabaseLocked(StorageError):
    """Another process holds the database."""


class TurnLost(DatabaseLocked):
    """The transaction was rolled back for the sake of another; made anew, it may well succeed."""


class DiskFull(StorageError):
    """The disk or the quota is full; what was being written was rolled back."""


class DatabaseUnreachable(StorageError):
    """The database cannot be opened."""


class BodyUnreadable(StorageError):
    """A kept body is damaged."""


class NotEmpty(StorageError):
    """An archive is never moved over another."""


class NotAlike(StorageError):
    """What was copied is not the same; all of it was rolled back."""
