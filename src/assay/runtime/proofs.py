"""Searches for looking ahead, as jobs; what they found is kept for as long as their jobs are heard of."""

from __future__ import annotations

from collections import OrderedDict
from typing import Final

from assay.core.engine.lookahead import Proof, Rules, look_ahead
from assay.runtime.inputs import find
from assay.runtime.jobs import KEPT_MOST, Job, JobRecord, Jobs
from assay.runtime.ports import Candles, Desk
from assay.runtime.proposal import Proposal, Resolved, resolve, stretches

KIND: Final = "lookahead"
READ: Final = 0.05
"""The part of the work that is reading bars, near enough."""


class Proofs:
    """Of every owner; they can be had again from the same document and bars, so they are written nowhere."""

    def __init__(self, candles: Candles, jobs: Jobs) -> None:
        self._candles, self._jobs = candles, jobs
        self._found: OrderedDict[str, tuple[str, Proof]] = OrderedDict()

    async def start(self, desk: Desk, proposal: Proposal, points: int) -> JobRecord:
        """Queue a search. Raises LocatedError with everything that is wrong with what was proposed."""
        resolved = await resolve(proposal, desk)
        await self._jobs.workers.run(stretches, self._candles, resolved.spec)

        async def work(job: Job) -> str:
            proof = await job.phase("looking ahead", 0.0, searched, resolved, self._candles, points, job)
            self._keep(job.record.id, desk.owner, proof)
            return job.record.id

        return self._jobs.start(KIND, desk.owner, work)

    def get(self, owner: str, job_id: str) -> Proof | None:
        """None where there is none of that owner, or not any more."""
        holder, proof = self._found.get(job_id, (None, None))
        return proof if holder == owner else None

    def _keep(self, job_id: str, owner: str, proof: Proof) -> None:
        self._found[job_id] = (owner, proof)
        while len(self._found) > KEPT_MOST:
            self._found.popitem(last=False)


def searched(resolved: Resolved, candles: Candles, points: int, job: Job) -> Proof:
    """Blocks. Raises DataError for bars that are not there."""
    inputs = find(candles, resolved.spec, lambda phase, fraction: job.tell(phase, READ * (fraction or 0.0)))

    def tell(done: int, total: int) -> None:
        job.tell("looking ahead", READ + (1.0 - READ) * done / total)

    return look_ahead(Rules(resolved.document), inputs.bars, points, progress=tell)
