"""What every meaning promises."""

import numpy as np
import pytest

SENTENCES = ["What time do you close on Sundays?", "Can I bring my dog?", "What time do you close today?", ""]


async def test_a_vector_has_length_one(meaning):
    vectors = await meaning.vectors(SENTENCES)
    assert vectors.shape[0] == len(SENTENCES) and vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-4)


async def test_a_sentence_means_the_same_in_any_company(meaning):
    together = await meaning.vectors(SENTENCES * 10)
    alone = await meaning.vectors(SENTENCES[:1])
    np.testing.assert_allclose(together[0], alone[0], atol=1e-5)
    np.testing.assert_allclose(together[36], alone[0], atol=1e-5)


async def test_close_sentences_are_closer_than_others(meaning):
    sundays, dog, today, _ = await meaning.vectors(SENTENCES)
    assert sundays @ today > sundays @ dog


async def test_no_sentences_have_no_vectors(meaning):
    assert (await meaning.vectors([])).shape[0] == 0


@pytest.mark.speech
async def test_a_paraphrase_without_a_common_word_is_close(meaning):
    if type(meaning).__name__ == "ScriptedMeaning":
        pytest.skip("knows words, not their meaning")
    asked, right, wrong = await meaning.vectors(
        ["Is there somewhere to leave my car?", "Parking behind the building", "Helmets and locks"]
    )
    assert asked @ right > asked @ wrong + 0.1
