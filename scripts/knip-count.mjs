// A reporter for knip that says how many files it looked at: silence about nothing is no good news.
export default function count({ counters }) {
  process.stdout.write(`knip looked at ${counters.processed} files\n`);
}
