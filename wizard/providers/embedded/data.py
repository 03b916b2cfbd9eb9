"""How data leaves the platform, by the kind of the service that holds it."""

from typing import NamedTuple


class Way(NamedTuple):
    format: str = ""
    how: str = ""


_FILES = "files as they are"
_MAILBOXES = Way(
    "PST from Outlook, MBOX or Maildir over IMAP",
    "Export each mailbox in Outlook, or fetch it with any mail program over IMAP.",
)
_WAYS = {
    "hosting package": Way(
        f"{_FILES}, databases as SQL",
        "Copy the files of the website over SFTP, and export each database behind it with its own tool.",
    ),
    "mailboxes": _MAILBOXES,
    "mailbox": _MAILBOXES,
    "SharePoint space": Way(
        "documents as they are, lists as XLSX",
        "Copy each document library as a folder, and export each list to Excel.",
    ),
    "CRM organization": Way(
        "customization as a solution (ZIP), records as XLSX",
        "Export a solution, and export the records to Excel, one kind at a time.",
    ),
    "server": Way(
        f"{_FILES}, databases as their own tool exports them",
        "Sign in over SSH or Remote Desktop and copy the files; export databases with their own tool first.",
    ),
    "network": Way("text", "Write down its addresses and its firewall rules; there is no export of them."),
    "object storage": Way(_FILES, "Fetch all files with any program that speaks S3, such as rclone."),
}


def way_out(kind: str, data: str) -> Way:
    """For a service of this kind that holds this data; both empty where it holds none, or the kind is another."""
    return _WAYS.get(kind, Way()) if data else Way()
