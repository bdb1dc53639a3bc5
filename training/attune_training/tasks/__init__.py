"""What is learnt: how an item becomes input and target, what the loss is, and how outputs are judged.

A task has
  shape(plan)                      sizes of the network
  input_spec / output_names
  example(dataset, item, rng)      (input, {name: target}); with an rng, augmented
  loss(ops, outputs, targets)      scalar, in keras.ops (the classifier's torch loss is in its engine)
  validation_loss, calibrate, evaluate
"""

from attune_training.dataset import Dataset


def make_task(plan: dict, dataset: Dataset):
    """The task of a plan over the labels of its dataset."""
    if plan["task"] != dataset.task:
        raise ValueError(f"The plan is for {plan['task']}, the dataset for {dataset.task}.")
    if plan["task"] == "image-classification":
        from attune_training.tasks.classification import Classification as Task
    elif plan["task"] == "engagement-window":
        from attune_training.tasks.window import Window as Task
    else:
        from attune_training.tasks.detection import Detection as Task
    return Task(plan, dataset)
