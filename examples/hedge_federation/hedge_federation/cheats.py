"""What dishonest venues try. None of it is a flaw that they found: these are the obvious lies, and all are refused."""

import numpy as np
import zkmetric
from zkmetric.flower import Prover


class LiesAboutLabels(Prover):
    """Registers its data, and proves about labels that suit the model better."""

    def prove(self, query, arrays):
        with np.load(self.home / "rows.npz") as rows:
            x, y = rows["validation_x"], rows["validation_y"]
        registered = self.dataset
        schema = zkmetric.Circuit.read(self.home / ".." / "public" / "circuit.zkm").schema
        self.dataset = zkmetric.Dataset.commit(schema, x, np.clip(0.05 + 0.9 * y, 0, 1))
        try:
            return super().prove(query, arrays)
        finally:
            self.dataset = registered


class ReplaysProofs(Prover):
    """Sends last round's proof, and in the first round one of an earlier run."""

    def answer(self, fields, arrays, *, run, node):
        answer = super().answer(fields, arrays, run=run, node=node)
        kept = self.home / "last_proof.bin"
        last = kept.read_bytes()
        kept.write_bytes(answer["proof"])
        return {**answer, "proof": last}


class InflatesItsWeight(Prover):
    """Writes a million samples into the statement of a valid proof."""

    def answer(self, fields, arrays, *, run, node):
        answer = super().answer(fields, arrays, run=run, node=node)
        proof = bytearray(answer["proof"])
        proof[160 + 64 : 160 + 96] = (10**6).to_bytes(32, "big")  # docs/formats.md, section 2
        return {**answer, "proof": bytes(proof)}


CHEATS = {"labels": LiesAboutLabels, "replay": ReplaysProofs, "weight": InflatesItsWeight}
