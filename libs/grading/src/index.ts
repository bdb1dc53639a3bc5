export * from './drawing.ports.js';
export * from './extension.ports.js';
export * from './files.ports.js';
export type { Drawing, Stroke } from './ink/ink.js';
export { describeSymbol } from './ink/describe-symbol.js';
export {
  drawFlowchart,
  planFlowchart,
  someHand,
  type DrawnFlowchart,
  type DrawnGroup,
  type PlannedArrow,
  type PlannedFlowchart,
} from './ink/draw-flowchart.js';
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
export * from './kinds/diagram/detector-bar.js';
export * from './kinds/diagram/diagram.grader.js';
export * from './kinds/diagram/diagram.js';
export * from './kinds/diagram/grade-diagram.js';
export { generateWork, slippedFrom, slips, type GeneratedWork, type Slip } from './kinds/diagram/generate-work.js';
export * from './kinds/diagram/graph-similarity.js';
export { joinArrows, type Join } from './kinds/diagram/join-arrows.js';
export { containers, flowchartShapes, processShapes } from './kinds/diagram/notations.js';
export { readPhoto } from './kinds/diagram/read-photo.js';
export * from './kinds/function-plot/function-plot.grader.js';
export { functionPlotSchema, type FunctionPlot } from './kinds/function-plot/function-plot.js';
export * from './kinds/function-plot/grade-function-plot.js';
export * from './kinds/lab-photo/lab-photo.grader.js';
export * from './kinds/lab-photo/lab-photo.js';
export * from './kinds/labelled-parts/grade-labelled-parts.js';
export * from './kinds/labelled-parts/grade-sheet.js';
export * from './kinds/labelled-parts/labelled-parts.grader.js';
export * from './kinds/labelled-parts/labelled-parts.js';
export * from './kinds/project/grade-project.js';
export * from './kinds/project/project.grader.js';
export * from './kinds/project/project.js';
export * from './kinds/project/read-predictions.js';
export type { Lab, LinearColour } from './model/colour.js';
export type { CourseGradingEvents, LearnerGradingEvents } from './model/events.js';
export { boundsOf, fillOutline, type Bounds, type Polygon } from './model/geometry.js';
export * from './kinds/sketch/grade-sketch.js';
export { rankByInk, sketchCloudSize } from './kinds/sketch/sketch-distance.js';
export * from './kinds/sketch/sketch.grader.js';
export { sketchSchema, type Sketch } from './kinds/sketch/sketch.js';
export * from './model/grading-result.js';
export * from './model/marks.js';
export * from './model/pixel-forest.js';
export * from './model/alias.js';
export * from './model/review-comment.js';
export * from './model/scan-batch.js';
export * from './model/work-file.js';
export { writtenMarksSchema } from './model/written-marks.js';
export * from './policy/agreement.js';
export * from './policy/certification.js';
export * from './policy/hint-for.js';
export type { ValueKey } from './policy/rank-queue.js';
export { planScanFiles } from './policy/scan-files.js';
export * from './policy/scan-limits.js';
export * from './policy/sheet-code.js';
export * from './policy/standing-scores.js';
export { KnownSpecifications } from './policy/known-specifications.js';
export type { SkillsShown } from './policy/skills-shown.js';
export * from './photo.ports.js';
export * from './sheet.ports.js';
export { hashedSide, turnedHashes } from './policy/perceptual-hash.js';
export * from './ports.js';
export * from './queue.ports.js';
export * from './regrade.ports.js';
export * from './scans.ports.js';
export * from './use-cases/confirm-reviews.js';
export * from './trust.ports.js';
export type { GradingDependencies } from './use-cases/dependencies.js';
export * from './use-cases/correct-scans.js';
export * from './use-cases/export-grades.js';
export * from './use-cases/forget-files.js';
export * from './use-cases/forget-scans.js';
export * from './use-cases/grade-submission.js';
export * from './use-cases/graders.js';
export * from './use-cases/grant-extension.js';
export * from './use-cases/learn-pixel-classifier.js';
export * from './use-cases/list-submissions.js';
export * from './use-cases/manage-assignments.js';
export * from './use-cases/preview-grade.js';
export * from './use-cases/print-sheets.js';
export type { MatchingRequest } from './use-cases/propose-matches.js';
export * from './use-cases/publish-scans.js';
export * from './use-cases/read-assignments.js';
export * from './use-cases/read-file.js';
export * from './use-cases/read-hand-out.js';
export * from './use-cases/read-scans.js';
export * from './use-cases/read-submission.js';
export * from './use-cases/read-skills-shown.js';
export * from './use-cases/regrade-assignment.js';
export * from './use-cases/request-regrade.js';
export * from './use-cases/read-trust.js';
export * from './use-cases/request-work-hint.js';
export * from './use-cases/review-queue.js';
export * from './use-cases/review-submission.js';
export type { CriterionView, ScoreView, SeenState, SubmissionView } from './model/submission-view.js';
export type { ScanDependencies, TaughtScans } from './use-cases/scan-dependencies.js';
export * from './use-cases/split-scans.js';
export * from './use-cases/start-scans.js';
export * from './use-cases/submit-work.js';
export * from './use-cases/upload-file.js';
export * from './use-cases/watch-course.js';
export * from './use-cases/withdraw-reviews.js';
