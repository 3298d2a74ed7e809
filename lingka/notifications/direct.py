"""What goes out at once and by one way: the six digits by which a member signs in."""

from django.utils import translation

from lingka.members.outgoing import CodeMessage
from lingka.notifications import channels, texts
from lingka.notifications.channels import Letter, NotTaken

KEY = "digits"


def send_code(message: CodeMessage) -> None:
    """Raises NotTaken where there is no way out: the next sweep tries again."""
    with translation.override(message.language):
        body = texts.render(KEY, message.language, {"code": message.digits})
    letter = Letter(
        name=message.name, key=KEY, language=message.language, subject=texts.subject(body, ""),
        body=body, link="", stop="", values={"code": message.digits},
    )  # fmt: skip
    send = channels.email if message.address.kind == "email" else channels.text_message
    if not send(message.address.to, letter):
        raise NotTaken
