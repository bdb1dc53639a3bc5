"""Numbers that are known: schedule, metrics, calibration, augmentation, preprocessing, checkpoints."""

import base64
import io
import json

import numpy as np
import pytest
from PIL import Image

from attune_training import metrics, pictures, schedule
from attune_training.augment import augment, generator
from attune_training.checkpoint import load_arrays, save_arrays
from attune_training.contract import ContractError, backbones, checked
from attune_training.dataset import fetch_archive, open_dataset
from attune_training.examples import golden_cases
from attune_training.loader import Loader
from attune_training.networks import describe
from attune_training.plan import check_plan
from attune_training.shapes import write_windows
from attune_training.tasks import make_task
from conftest import ROOT

pytestmark = pytest.mark.quick
GOLDEN = ROOT / "libs/imaging/src/golden"
SETTINGS = {"rotation": 15, "flip": "both", "jitter": 0.2, "crop": 0.8}


def test_schedule_warms_up_linearly_and_falls_by_a_cosine_to_zero():
    rates = [schedule.rate(step, steps=12, warmup=4, top=0.8) for step in range(13)]
    assert rates[:4] == pytest.approx([0.2, 0.4, 0.6, 0.8])
    assert rates[4] == pytest.approx(0.8) and rates[8] == pytest.approx(0.4) and rates[12] == pytest.approx(0)
    assert schedule.peak(0.001, 512) == pytest.approx(0.002)


def test_calibration_error_of_known_bins():
    probs = np.array([[0.9, 0.1]] * 4 + [[0.6, 0.4]] * 4)
    labels = np.array([0, 0, 0, 1, 0, 0, 0, 0])
    # By halves: .6 says .6 and is right always (gap .4); .9 is right in three of four (gap .15).
    assert metrics.expected_calibration_error(probs, labels, bins=2) == pytest.approx((0.4 + 0.15) / 2)


def test_temperature_undoes_overconfidence():
    rng = np.random.default_rng(0)
    logits = rng.normal(size=(20_000, 3))
    drawn = np.array([rng.choice(3, p=p) for p in metrics.softmax(logits)])
    assert metrics.fit_temperature(logits * 2.5, drawn) == pytest.approx(2.5, abs=0.1)


def test_kappa_f1_and_auc_of_small_tables():
    confusion = np.array([[20, 5], [10, 15]])
    assert metrics.kappa(confusion) == pytest.approx(0.4)
    assert metrics.kappa(np.diag([3, 4, 5]), quadratic=True) == pytest.approx(1)
    first, second = metrics.per_class(confusion, ["a", "b"])
    assert (first["precision"], first["recall"], first["f1"]) == pytest.approx((2 / 3, 0.8, 40 / 55))
    assert second["examples"] == 25
    assert metrics.auc(np.array([0.1, 0.4, 0.35, 0.8]), np.array([False, False, True, True])) == pytest.approx(0.75)


def test_accuracy_by_group_shows_who_is_served_worse():
    items = [{"attributes": {"device": name}, "group": None, "path": str(i)} for i, name in enumerate("aabb")]
    rows = metrics.per_group(items, np.array([True, True, True, False]))
    assert [(row["value"], row["accuracy"]) for row in rows] == [("a", 1.0), ("b", 0.5)]


def test_augmentation_depends_on_seed_epoch_and_index_only():
    image = Image.fromarray(np.random.default_rng(1).integers(0, 255, (32, 40, 3), dtype=np.uint8))
    one, same, other = (np.asarray(augment(image, SETTINGS, generator(7, *where))) for where in ((3, 5), (3, 5), (4, 5)))
    assert one.shape == (32, 40, 3) and (one == same).all() and (one != other).any()


def test_augmentation_that_is_switched_off_changes_nothing():
    image = Image.fromarray(np.random.default_rng(1).integers(0, 255, (9, 9, 3), dtype=np.uint8))
    off = {"rotation": 0, "flip": "none", "jitter": 0, "crop": 1}
    assert (np.asarray(augment(image, off, generator(1, 1, 1))) == np.asarray(image)).all()


def test_picture_is_turned_upright_by_exif():
    image = Image.new("RGB", (40, 20), "red")
    image.paste("blue", (0, 0, 20, 20))
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned clockwise
    buffer = io.BytesIO()
    image.save(buffer, "PNG", exif=exif)
    tensor = pictures.tensor(buffer.getvalue(), pictures.preprocessing(20, "squash"))
    assert tensor[2, 10].tolist() == [0, 0, 255] and tensor[17, 10].tolist() == [255, 0, 0]


def test_pictures_become_the_tensors_that_node_is_held_to():
    golden = json.loads((GOLDEN / "golden.json").read_text())
    for case in golden["cases"]:
        expected = np.frombuffer(base64.b64decode(case["expected"]), np.uint8).reshape(case["height"], case["width"], 3)
        given = pictures.tensor(GOLDEN / case["picture"], case)
        # Pillow 13 goes along the columns of tall pictures first, which may round a number the other way.
        assert np.abs(given.astype(int) - expected).max() <= 1, case["picture"]
    assert len(golden["cases"]) == 27


def test_picture_for_print_is_refused_as_in_node():
    with pytest.raises(ValueError, match="print.jpg is meant for print"):
        pictures.upright(GOLDEN / "print.jpg")


@pytest.mark.parametrize("basis", ["open-licence", "generated", "consent", "contract", "public-interest"])
def test_package_carries_examples_only_where_they_may_go_anywhere(shapes, a_plan, tmp_path, basis):
    dataset = open_dataset(shapes[0], tmp_path / "data")
    dataset.card["consentBasis"] = basis
    task = make_task(a_plan(), dataset)
    cases, again = (golden_cases(dataset, task, "test", "Shapes", 1, tmp_path) for _ in range(2))
    assert len(cases) == 4 and all((one.input == same.input).all() and one.path == same.path for one, same in zip(cases, again))
    works = {dataset.path(item).read_bytes() for item in dataset.items}
    are_own = basis in ("open-licence", "generated")
    assert {case.path.read_bytes() in works for case in cases} == {are_own}
    assert [case.label for case in cases] == (["circle", "cross", "square", "circle"] if are_own else [None] * 4)
    for case in cases:
        assert (pictures.tensor(case.path, task.preprocessing) == case.input).all()
    if not are_own:
        assert (golden_cases(dataset, task, "test", "Shapes", 2, tmp_path)[0].input != cases[0].input).any()
        assert len({case.input.tobytes() for case in cases}) == 4 and all(case.input.std() > 10 for case in cases)


def test_window_of_a_student_does_not_travel(tmp_path):
    write_windows(tmp_path / "w.zip", 40)
    dataset = open_dataset(tmp_path / "w.zip", tmp_path / "data")
    dataset.card["consentBasis"] = "consent"
    plan = {"task": "engagement-window", "numbers": {"seed": 1}}
    windows = {dataset.path(item).read_bytes() for item in dataset.items}
    cases = golden_cases(dataset, make_task(plan, dataset), "test", "Windows", 1, tmp_path)
    assert [case.input.shape for case in cases] == [(40, 76)] * 4
    assert not any(case.input.astype("<f4").tobytes() in windows for case in cases)


@pytest.mark.parametrize("resize", ["squash", "pad", "crop"])
def test_points_go_where_the_pixels_go(resize):
    image = Image.new("RGB", (90, 60))
    image.paste("white", (42, 27, 48, 33))  # its middle is at 45, 30
    how = pictures.preprocessing(32, resize)
    rows, columns = np.nonzero(np.asarray(pictures.fit(image, how))[..., 0] > 100)
    scale, shift = pictures.placement(image.size, how)
    assert np.array([45, 30]) * scale + shift == pytest.approx([columns.mean() + 0.5, rows.mean() + 0.5], abs=0.5)
    left, right = np.array([[0, 0], [90, 60]]) * scale + shift
    assert (left.round().tolist(), right.round().tolist()) == {
        "squash": ([0, 0], [32, 32]),
        "pad": ([0, 5], [32, 26]),
        "crop": ([-8, 0], [40, 32]),
    }[resize]


def test_checkpoint_gives_back_what_was_saved_and_refuses_pickles(tmp_path):
    save_arrays(tmp_path / "c.npz", {"a/b": np.arange(3)}, {"epoch": 2})
    arrays, state = load_arrays(tmp_path / "c.npz")
    assert arrays["a/b"].tolist() == [0, 1, 2] and state == {"epoch": 2} and not list(tmp_path.glob("*.part"))
    np.savez(tmp_path / "evil.npz", **{"a/x": np.array([object()])}, state=np.array("{}"))
    with pytest.raises(ValueError, match="allow_pickle"):
        load_arrays(tmp_path / "evil.npz")


def test_loader_repeats_an_epoch_exactly_and_keeps_every_validation_item(shapes, a_plan, tmp_path):
    archive, sha256 = shapes
    dataset = open_dataset(fetch_archive(str(archive), sha256, tmp_path), tmp_path / "data")
    task = make_task(a_plan(), dataset)
    loader = Loader(task, dataset, "training", 24, 8, seed=1)
    first, again, next_epoch = (list(loader.training(epoch)) for epoch in (0, 0, 1))
    assert len(first) == loader.steps == 3 and first[0][0].shape == (24, 32, 32, 3)
    assert all((a[0] == b[0]).all() for a, b in zip(first, again)) and (first[0][0] != next_epoch[0][0]).any()
    validation = Loader(task, dataset, "validation", 24, 8, seed=1)
    assert sum(count for *_, count in validation.evaluation()) == len(dataset.split("validation")) == 18


def test_plan_gets_its_defaults_and_is_refused_where_it_is_wrong(a_plan):
    plan = a_plan()
    assert plan["numbers"]["labelSmoothing"] == 0.1 and plan["numbers"]["augmentation"]["flip"] == "horizontal"
    with pytest.raises(ContractError, match="numbers/batchSize"):
        checked("training-plan", {**plan, "numbers": {**plan["numbers"], "batchSize": 1}})
    with pytest.raises(ValueError, match="no backbone for image-classification"):
        check_plan({**plan, "backbone": "centre-tiny"})
    assert backbones("engagement-window") == ["temporal-convolution"]


def test_engine_names_the_backbones_that_it_has(a_plan):
    task = type("Task", (), {"shape": lambda self, plan: {}})()
    with pytest.raises(ValueError, match="keras-jax has no resnet18.*resnet50"):
        describe({**a_plan(), "backbone": "resnet18"}, task)


def test_schemas_are_those_that_the_platform_publishes():
    for file in (ROOT / "docs/schemas").glob("*.json"):
        assert json.loads((ROOT / "training/attune_training/schemas" / file.name).read_text()) == json.loads(file.read_text())
