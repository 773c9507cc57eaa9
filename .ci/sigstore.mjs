// sigstore.mjs BUNDLE PEM [sha256:DIGEST]: verifies a bundle by a key with sigstore's JavaScript library, without any
// log. With a digest, one of the subjects must have it.
import { createHash, createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(`${process.env.SIGSTORE_MODULES}/`);
const { bundleFromJSON } = require('@sigstore/bundle');
const { Verifier, toSignedEntity, toTrustMaterial } = require('@sigstore/verify');

const [file, pem, digest] = process.argv.slice(2);
const bundle = bundleFromJSON(JSON.parse(readFileSync(file, 'utf8')));
const rawBytes = createPublicKey(readFileSync(pem)).export({ type: 'spki', format: 'der' });
const hint = createHash('sha256').update(rawBytes).digest('base64');
const nobody = { certificateAuthorities: [], timestampAuthorities: [], tlogs: [], ctlogs: [] };
const trusted = toTrustMaterial(nobody, { [hint]: { rawBytes, keyDetails: 0, validFor: undefined } });
const noLog = { tlogThreshold: 0, ctlogThreshold: 0, tsaThreshold: 0, timestampThreshold: 0 };
new Verifier(trusted, noLog).verify(toSignedEntity(bundle));

const statement = JSON.parse(Buffer.from(bundle.content.dsseEnvelope.payload).toString());
if (digest && !statement.subject.some((subject) => `sha256:${subject.digest.sha256}` === digest)) {
  throw new Error(`expected ${digest} as a subject`);
}
