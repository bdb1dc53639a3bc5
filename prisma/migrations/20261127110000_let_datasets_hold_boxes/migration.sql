-- What models learn from a dataset. The version before makes datasets for image classification, and runs on them.
ALTER TABLE "training_datasets" ADD COLUMN "task" TEXT NOT NULL DEFAULT 'image-classification';
ALTER TABLE "training_runs" ADD COLUMN "task" TEXT NOT NULL DEFAULT 'image-classification';

-- An image for detection has boxes in the place of a label.
ALTER TABLE "labelled_images" ADD COLUMN "boxes" JSONB, ALTER COLUMN "label" DROP NOT NULL;

ALTER TABLE training_datasets
  ADD CONSTRAINT training_datasets_task_known CHECK (task IN ('image-classification', 'object-detection'));
ALTER TABLE training_runs
  ADD CONSTRAINT training_runs_task_known CHECK (task IN ('image-classification', 'object-detection')),
  ADD CONSTRAINT training_runs_node_classifies CHECK (engine <> 'node' OR task = 'image-classification');
ALTER TABLE labelled_images
  ADD CONSTRAINT labelled_images_label_or_boxes CHECK ((label IS NULL) <> (boxes IS NULL)),
  ADD CONSTRAINT labelled_images_boxes_listed CHECK (jsonb_typeof(boxes) = 'array');
