"""Pure rules of the reception: what a prescription waits for, and from whom."""

from bilan.prescriptions.rules import Clock, DelayReason, State
from bilan.wording import Worded


class Next(Worded):
    """What comes next for a prescription; the first ones are the secretariat's."""

    QUOTE = "quote", "devis à établir"
    INVITE = "invite", "agent à inviter"
    REFERENT = "referent", "référent à nommer"
    FIRST_INTERVIEW = "first_interview", "premier rendez-vous à fixer"
    REASON = "reason", "retard à expliquer"
    HR_ANSWER = "hr_answer", "attend la réponse au devis"
    AGENT_ANSWER = "agent_answer", "attend la réponse de l’agent"
    NOTHING = "nothing", "–"

    @property
    def is_ours(self) -> bool:
        """Whether it is for the secretariat to do."""
        return self not in (Next.HR_ANSWER, Next.AGENT_ANSWER, Next.NOTHING)


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
