"""Pure rules of the reception: what a prescription waits for, and from whom."""

import enum

from bilan.prescriptions.rules import Clock, DelayReason, State


class Next(enum.StrEnum):
    """What comes next for a prescription; the first ones are the secretariat's."""

    QUOTE = "quote"
    INVITE = "invite"
    REFERENT = "referent"
    FIRST_INTERVIEW = "first_interview"
    REASON = "reason"
    HR_ANSWER = "hr_answer"
    AGENT_ANSWER = "agent_answer"
    NOTHING = "nothing"

    @property
    def label(self) -> str:
        """Return the words that the screens use."""
        return NEXT_LABELS[self]

    @property
    def is_ours(self) -> bool:
        """Whether it is for the secretariat to do."""
        return self not in (Next.HR_ANSWER, Next.AGENT_ANSWER, Next.NOTHING)


NEXT_LABELS = {
    Next.QUOTE: "devis à établir",
    Next.INVITE: "agent à inviter",
    Next.REFERENT: "référent à nommer",
    Next.FIRST_INTERVIEW: "premier rendez-vous à fixer",
    Next.REASON: "raison du dépassement à indiquer",
    Next.HR_ANSWER: "attend la réponse au devis",
    Next.AGENT_ANSWER: "attend la réponse de l’agent",
    Next.NOTHING: "–",
}


def next_step(*, state: State, clock: Clock, has_counsellor: bool, needs_quote: bool, delay_reason: DelayReason | None) -> Next:
    """Return what an open prescription waits for."""
    if state is State.RECEIVED:
        return Next.QUOTE if needs_quote else Next.INVITE
    if state is State.ACCEPTED and not has_counsellor:
        return Next.REFERENT
    if state is State.ACCEPTED and clock.is_running:
        return Next.FIRST_INTERVIEW
    if clock.is_exceeded and delay_reason is None:
        return Next.REASON
    return {State.QUOTED: Next.HR_ANSWER, State.INVITED: Next.AGENT_ANSWER}.get(state, Next.NOTHING)
