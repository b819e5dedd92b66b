import type { Observation } from './detector.js';
import { detectors } from './detectors/index.js';
import type { Finding } from './finding.js';

/** What the detectors find, without findings that another one explains; errors first. */
export function diagnose(observation: Observation): Finding[] {
  const all = detectors.map((detector) => ({ detector, symptoms: detector.detect(observation) }));
  const found = new Set(
    all.filter(({ symptoms }) => symptoms.length > 0).map(({ detector }) => detector.code),
  );
  const findings = all
    .filter(({ detector }) => !detector.explainedBy?.some((code) => found.has(code)))
    .flatMap(({ detector: { code, source }, symptoms }) =>
      symptoms.map((symptom) => ({ code, ...symptom, source })),
    );
  const isError = ({ severity }: Finding) => Number(severity === 'error');
  return findings.sort((a, b) => isError(b) - isError(a));
}
