// fhir-kit-client against the server whose base URL is the argument; prints what it saw as one line of JSON.
import { Client } from 'fhir-kit-client';

const client = new Client({ baseUrl: process.argv[2] });
const seen = {};
const quill = { resourceType: 'Patient', active: true, name: [{ family: 'Quill', given: ['Ada'] }] };

const statement = await client.capabilityStatement();
seen.version = statement.fhirVersion;

const made = await client.create({ resourceType: 'Patient', body: quill });
const changed = await client.update({ resourceType: 'Patient', id: made.id, body: { ...made, active: false } });
seen.versions = [made.meta.versionId, changed.meta.versionId];
seen.first = (await client.vread({ resourceType: 'Patient', id: made.id, version: '1' })).active;
const patched = await client.patch({
  resourceType: 'Patient',
  id: made.id,
  jsonPatch: [{ op: 'add', path: '/gender', value: 'female' }],
});
seen.gender = patched.gender;

const entry = [...Array(12).keys()].map((n) => ({
  request: { method: 'PUT', url: `Patient/k${n}` },
  resource: { ...quill, id: `k${n}`, gender: 'other' },
}));
const done = await client.transaction({ body: { resourceType: 'Bundle', type: 'transaction', entry } });
seen.stored = done.entry.length;

let page = await client.search({ resourceType: 'Patient', searchParams: { gender: 'other', _count: 5 } });
seen.pages = [];
while (page) {
  seen.pages.push((page.entry ?? []).length);
  page = page.link.some((link) => link.relation === 'next') ? await client.nextPage({ bundle: page }) : null;
}

const record = await client.operation({ name: 'everything', resourceType: 'Patient', id: made.id, method: 'GET' });
seen.record = record.entry.length;
seen.history = (await client.history({ resourceType: 'Patient', id: made.id })).entry.length;

try {
  await client.create({ resourceType: 'Patient', body: { ...quill, gender: 'unsure' } });
} catch (error) {
  seen.refused = [error.response.status, error.response.data.issue[0].expression?.[0]];
}
await client.delete({ resourceType: 'Patient', id: made.id });
try {
  await client.read({ resourceType: 'Patient', id: made.id });
} catch (error) {
  seen.gone = error.response.status;
}
console.log(JSON.stringify(seen));
