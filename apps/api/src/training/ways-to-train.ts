/** Ways to go on with the code of a run. */
export interface WaysToTrain {
  readonly notebookUrl: string;
  readonly command: string;
  readonly colabCommand: string;
}

/**
 * What to open or to enter in a shell, so that a run trains: the notebook with its form filled in; the training package on any
 * machine; and Colab from the command line (`google-colab-cli`), on a machine with a TPU that is given back at the end.
 * @param url base URL of this server, without a slash at its end
 */
export function waysToTrain(url: string, code: string): WaysToTrain {
  const notebookUrl = `${url}/training/notebook.ipynb?code=${code}`;
  const notebook = 'attune_training.ipynb';
  return {
    notebookUrl,
    command: `python -m attune_training train --server ${quoted(url)} --code ${code} --out run --upload`,
    colabCommand: [
      `curl -fsS -o ${notebook} ${quoted(notebookUrl)}`,
      'colab new -s attune --tpu v5e1',
      'colab drivemount -s attune',
      `colab exec -s attune -f ${notebook}; colab stop -s attune`,
    ].join(' && '),
  };
}

/** As one word of a shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
