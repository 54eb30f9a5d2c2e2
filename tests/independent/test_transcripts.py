"""The second implementation of hashing to G2 against its vectors, which C is compared with; its checker
of transcripts is run on files of the command's in tests/cli/test_ceremony.py."""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import transcripts  # noqa: E402


def test_vectors_are_what_the_second_implementation_computes():
    assert transcripts.VECTORS.read_text() == transcripts.vectors_text()
