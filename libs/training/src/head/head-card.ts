import { mostConfused, type DatasetCard, type Manifest } from '#libs/models';

const grounds: Record<DatasetCard['consentBasis'], string> = {
  consent: 'the people in it, or their guardians, consented',
  contract: 'a contract allows it',
  'public-interest': 'a task in the public interest requires it',
  'open-licence': 'it is under an open licence',
  generated: 'a program made it',
};

/** MODEL_CARD.md of a small head: what people should know before they let it speak, from the manifest alone. */
export function headCard(manifest: Omit<Manifest, 'files'>): string {
  const { dataset, metrics, training, abstainBelow, baseWeights, labels, golden } = manifest;
  const confused = mostConfused(metrics.confusion ?? [], labels);
  const ownPictures = golden.cases.some(({ label }) => label !== null);
  const lines = [
    `# ${manifest.name}`,
    '',
    `It tells ${labels.slice(0, 20).join(', ')}${labels.length > 20 ? ' …' : ''} (${manifest.task}).`,
    '',
    '## Data',
    '',
    dataset.description,
    '',
    `- ${dataset.examples} examples, ${metrics.groups} groups by ${dataset.splitBy}; the model learnt from all of them.`,
    `- Why they may be used: ${grounds[dataset.consentBasis]}. Licence: ${dataset.licence}.`,
    dataset.isSynthetic
      ? '- **Synthetic: a program made the examples. How well the model does on real ones is not known.**'
      : '- The examples are real.',
    `- Archive SHA-256 \`${dataset.sha256}\``,
    ownPictures
      ? '- The golden cases are some of the examples.'
      : '- The golden cases were drawn by a program: the examples are not in this package.',
    '',
    '## How well it does',
    '',
    `Nested cross-validation in ${metrics.folds} folds: each example was judged by a model that had been fitted, tuned and ` +
      'calibrated without its group. Those models learnt from fewer examples than this one; no other examples were kept back.',
    '',
    ...table(
      ['measure', 'value'],
      Object.entries(metrics.overall).map(([name, value]) => [name, typeof value === 'number' ? shown(value) : '–']),
    ),
    '',
    ...table(
      ['label', 'examples', 'precision', 'recall', 'F1'],
      metrics.perClass.map(({ label, examples, precision, recall, f1 }) => [
        label,
        String(examples),
        ...[precision, recall, f1].map(shown),
      ]),
    ),
    '',
    ...(confused.length === 0
      ? ['No label was mistaken for another.']
      : [
          'Mistaken most:',
          '',
          ...confused.map(({ given, instead, examples, of }) => `- ${instead} for ${given}: ${examples} of ${of}`),
        ]),
    '',
    ...(metrics.perGroup.length === 0
      ? ['The dataset names no attributes of people or pictures: whether it does worse for some is not known.']
      : [
          'By group:',
          '',
          ...table(
            ['attribute', 'value', 'examples', 'accuracy'],
            metrics.perGroup.map(({ attribute, value, examples, accuracy }) => [
              attribute,
              value,
              String(examples),
              shown(accuracy),
            ]),
          ),
        ]),
    '',
    '## Limits',
    '',
    manifest.offTopicAbove === undefined
      ? '- It knows its labels only, and gives one of them for whatever it is shown.'
      : `- It knows its labels only. A picture that is further than ${manifest.offTopicAbove} from all of them counts as off ` +
        'its topic; that was chosen by cross-validation, without pictures of other things.',
    abstainBelow === null
      ? '- It has no threshold below which it says nothing.'
      : `- Below a probability of ${abstainBelow} it says nothing.`,
    '- Pictures of another kind, device or school than those above are outside of what was measured.',
    '',
    '## How it was made',
    '',
    `A linear head on the embedding “${training.backbone}”, seed ${training.seed}, fitted on a CPU.`,
    baseWeights === null
      ? 'The embedding is a fixed description of pictures; nothing was trained for it.'
      : `The embedding is that of ${baseWeights.architecture} from ${baseWeights.source} (licence ${baseWeights.licence}).`,
    '',
  ];
  return lines.join('\n');
}

function shown(value: number | null): string {
  return value === null ? '–' : value.toFixed(3);
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return [heads, heads.map(() => '---'), ...rows].map(
    (row) => `| ${row.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`,
  );
}
