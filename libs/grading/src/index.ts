export * from './files.ports.js';
export type { Drawing, Stroke } from './ink/ink.js';
export { describeSymbol } from './ink/describe-symbol.js';
export type { DrawnFlowchart, DrawnGroup } from './ink/draw-flowchart.js';
export { numbersOf } from './ink/net-numbers.js';
export { readFlowchart, type Flowchart } from './ink/read-flowchart.js';
export { scaleOf } from './ink/stroke-geometry.js';
export {
  figureTypes,
  symbolClasses,
  type FigureType,
  type SymbolClass,
  type SymbolClassifier,
} from './ink/symbol-classes.js';
export { classifierOf, fitBuiltInSymbolNet, fitSymbolNet, overlapOf, tellSymbol } from './ink/symbol-net.js';
export { modifiedHausdorff } from './ink/match-clouds.js';
export { cloudOfPixels, cloudOfStrokes, type PointCloud } from './ink/point-cloud.js';
export * from './kinds/classify/classify.grader.js';
export * from './kinds/classify/classify.js';
export * from './kinds/diagram/diagram.grader.js';
export * from './kinds/diagram/diagram.js';
export * from './kinds/diagram/grade-diagram.js';
export * from './kinds/diagram/graph-similarity.js';
export * from './kinds/labelled-parts/grade-labelled-parts.js';
export * from './kinds/labelled-parts/labelled-parts.grader.js';
export * from './kinds/labelled-parts/labelled-parts.js';
export * from './kinds/project/grade-project.js';
export * from './kinds/project/project.grader.js';
export * from './kinds/project/project.js';
export * from './kinds/project/read-predictions.js';
export type { CourseGradingEvents, LearnerGradingEvents } from './model/events.js';
export type { Polygon } from './model/geometry.js';
export * from './kinds/sketch/grade-sketch.js';
export { rankByInk, sketchCloudSize } from './kinds/sketch/sketch-distance.js';
export * from './kinds/sketch/sketch.grader.js';
export { sketchSchema, type Sketch } from './kinds/sketch/sketch.js';
export * from './model/grading-result.js';
export * from './model/marks.js';
export * from './model/work-file.js';
export * from './policy/hint-for.js';
export { KnownSpecifications } from './policy/known-specifications.js';
export * from './ports.js';
export type { GradingDependencies } from './use-cases/dependencies.js';
export * from './use-cases/forget-files.js';
export * from './use-cases/grade-submission.js';
export * from './use-cases/graders.js';
export * from './use-cases/list-submissions.js';
export * from './use-cases/manage-assignments.js';
export * from './use-cases/read-assignments.js';
export * from './use-cases/read-file.js';
export * from './use-cases/read-hand-out.js';
export * from './use-cases/read-submission.js';
export * from './use-cases/request-work-hint.js';
export * from './use-cases/review-queue.js';
export * from './use-cases/review-submission.js';
export type { CriterionView, ScoreView, SeenState, SubmissionView } from './model/submission-view.js';
export * from './use-cases/submit-work.js';
export * from './use-cases/upload-file.js';
export * from './use-cases/watch-course.js';
