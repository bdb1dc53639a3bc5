import type { DrawingDetector } from '../../drawing.ports.js';
import type { OpenPicture } from '../../files.ports.js';
import type { GradingResult } from '../../model/grading-result.js';
import type { PhotoMeasurer } from '../../photo.ports.js';
import { Grader, type Ungraded, type WorkToGrade } from '../../ports.js';
import { photoFault, unreadPhoto, unusablePhoto } from '../photo-fault.js';
import { meetsBar } from './detector-bar.js';
import type { Diagram } from './diagram.js';
import { gradeDiagram, gradeDrawn } from './grade-diagram.js';
import { flowchartShapes } from './notations.js';
import { readPhoto } from './read-photo.js';

/** The confidence in whatever was read off a photo at most: a person may well see it otherwise. */
const mostOfPhoto = 0.9;
const labels: ReadonlySet<string> = new Set(flowchartShapes.keys());

/**
 * Reads diagrams off their strokes, or off a photo where the specification allows that, and compares them with the one that was asked
 * for. What was read off a photo is provisional until the detector meets its bar.
 */
export class DiagramGrader extends Grader<Diagram> {
  override readonly kind = 'diagram';

  constructor(
    private readonly detector: DrawingDetector,
    private readonly photos: Pick<PhotoMeasurer, 'measure'>,
  ) {
    super();
  }

  override async grade({
    specification,
    marks,
    pictures: [photo],
  }: WorkToGrade<Diagram>): Promise<GradingResult | Ungraded> {
    const isDrawn = !specification.photo || marks.length > 0 || photo === undefined;
    return isDrawn ? gradeDiagram(specification, marks) : this.gradePhoto(specification, photo);
  }

  private async gradePhoto(specification: Diagram, photo: OpenPicture): Promise<GradingResult | Ungraded> {
    const { quality } = await this.photos.measure(photo.bytes, { frame: null, tasks: [] });
    const fault = quality && photoFault(quality, { bright: true, sharp: true });
    if (fault !== null) return unusablePhoto(fault);
    const drawing = await this.detector.detect(photo, labels);
    if (drawing.kind === 'not-detected') return unreadPhoto(drawing);
    if (drawing.shapes.length === 0) return unusablePhoto(nothingSeen);
    const isProvisional = !meetsBar(await this.detector.figures());
    const graded = gradeDrawn(specification, readPhoto(drawing), {
      name: 'diagram-photo',
      isBlank: false,
      most: mostOfPhoto,
    });
    return { ...graded, isProvisional };
  }
}

const nothingSeen =
  'No figure of a diagram can be made out on the photo. Draw with a dark pen, let the sheet fill the picture, and take it again.';
