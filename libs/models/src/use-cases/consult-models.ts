import { isFailure } from '#libs/kernel';
import type { Actor, UnitOfWork } from '#libs/identity';
import type { Consultation, Opinion } from '../model/judgement.js';
import { isSynthetic, type ModelPackage, type VerifiedModel } from '../model/model-package.js';
import { isOffTopic } from '../policy/is-off-topic.js';
import { poolPictures, type PictureAnswer } from '../policy/pool-pictures.js';
import { rankLabels } from '../policy/rank-labels.js';
import { runnableModel } from '../policy/runnable-model.js';
import type { InferenceRuntime, ModelRepository, NotInferred, PackageStore, PictureReader } from '../ports.js';

export interface ConsultModelsDependencies {
  readonly unitOfWork: UnitOfWork;
  readonly models: ModelRepository;
  readonly store: PackageStore;
  readonly runtime: InferenceRuntime;
  readonly pictures: PictureReader;
}

/** What is seen on one picture or several, and under which name the models of a course are asked about it. */
export interface Question {
  readonly courseId: string;
  readonly name: string;
  /** PNG, JPEG or WebP files; at least one. */
  readonly pictures: readonly Uint8Array[];
}

/** Milliseconds that one answer may take, with loading the model. */
const patience = 20_000;

/** Asks the classifiers of a course what pictures show: of several, what they show together. */
export class ConsultModels {
  constructor(private readonly deps: ConsultModelsDependencies) {}

  async execute(actor: Actor, { courseId, name, pictures }: Question): Promise<Consultation | { kind: 'no-model' }> {
    const { unitOfWork, models } = this.deps;
    const found = await unitOfWork.read(actor, () => models.listJudging(courseId, name));
    const classifiers = found.filter(({ verified }) => verified?.task === 'image-classification');
    const active = classifiers.find(({ state }) => state === 'active');
    if (active === undefined) return { kind: 'no-model' };
    const ask = (model: ModelPackage): Promise<Opinion> => this.ask(actor, model, pictures);
    const shadows = classifiers.filter(({ state }) => state === 'shadow');
    const [first, ...others] = await Promise.all([active, ...shadows].map(ask));
    return { kind: 'consulted', active: first!, shadows: others };
  }

  private async ask(
    actor: Actor,
    { id: modelId, sha256, verified }: ModelPackage,
    pictures: readonly Uint8Array[],
  ): Promise<Opinion> {
    const { manifest } = verified as VerifiedModel;
    const about = { modelId, isSynthetic: isSynthetic(manifest.dataset) };
    const answers: PictureAnswer[] = [];
    for (const picture of pictures) {
      const given = await this.infer(actor.institutionId, sha256, manifest, picture);
      if ('reason' in given) {
        return { ...about, ranked: [], abstains: true, isOffTopic: false, surest: answers.length, refusal: given };
      }
      const { probabilities, distances } = given;
      answers.push({ probabilities, isOffTopic: isOffTopic(distances, manifest) });
    }
    const { probabilities, ...pooled } = poolPictures(answers);
    const ranked = rankLabels(manifest.labels, probabilities);
    const abstains = ranked[0]!.probability < (manifest.abstainBelow ?? 0);
    return { ...about, ...pooled, ranked, abstains, refusal: null };
  }

  private async infer(
    institutionId: string,
    sha256: string,
    manifest: VerifiedModel['manifest'],
    picture: Uint8Array,
  ): Promise<{ probabilities: ArrayLike<number>; distances: ArrayLike<number> | null } | NotInferred> {
    const { store, runtime, pictures } = this.deps;
    const broken = (detail: string): NotInferred => ({ kind: 'not-inferred', reason: 'broken', detail });
    const { preprocessing } = manifest.input;
    if (preprocessing === null) return broken('the model does not take pictures');
    const input = await pictures.read(picture, preprocessing);
    if (isFailure(input)) return broken(input.message);
    const model = runnableModel(sha256, manifest, (paths) => store.read(institutionId, sha256, paths));
    const inference = await runtime.infer(model, input, { timeout: patience });
    if ('reason' in inference) return inference;
    const probabilities = inference.get('probs')?.data;
    if (probabilities === undefined) return broken('the model gives no `probs`');
    return { probabilities, distances: inference.get('distances')?.data ?? null };
  }
}
