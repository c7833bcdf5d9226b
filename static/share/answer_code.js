/**
 * An answer's code from what the server made of the run and a name. The name is added here and nowhere else, so the server
 * never hears it. nnplay/assignments/answer.py says what a code is, and reads it.
 */
import { sha256 } from './sha256.js';

/** Longest name, and bytes of each of the two checksums. */
export const MAX_NAME = 60;
const CHECK_BYTES = 6;
const LINE = 76;

/** A name as a code has it: on one line, letters in their one form, nothing that can't be seen. @param {string} text */
export function nameOf(text) {
  const line = text.normalize('NFC').replace(/[\s\p{Z}]/gu, ' ').replace(/\p{C}/gu, '').replace(/ +/g, ' ').trim();
  return [...line].slice(0, MAX_NAME).join('').trim();
}

/** @param {...Uint8Array} parts */
function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((n, part) => n + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** @param {Uint8Array} bytes */
function base64(bytes) {
  let text = '';
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text).replace(/=+$/, '');
}

/** @param {string} name as nameOf gives it @param {Uint8Array} body @returns {string} */
export function codeOf(name, body) {
  const bytes = (text) => new TextEncoder().encode(text);
  const ofBody = sha256(joined(bytes('nnplay answer\0'), body)).subarray(0, CHECK_BYTES);
  const named = sha256(joined(bytes('nnplay name\0'), bytes(name), bytes('\0'), body)).subarray(0, CHECK_BYTES);
  const quoted = encodeURIComponent(name).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
  return `nnplay1(${quoted}|${base64(joined(ofBody, named, body))})`;
}

/** A code as a text file: what it is called, and what is in it. @param {string} name @param {string} code @param {string} head */
export function fileOf(name, code, head) {
  const letters = name.replace(/[^\p{L}\p{N} -]/gu, '').trim().replace(/\s+/g, '-').slice(0, 40);
  const lines = code.match(new RegExp(`.{1,${LINE}}`, 'g')) ?? [];
  return { file: `nnplay-answer-${letters || 'me'}.txt`, text: `${head}\n\n${lines.join('\n')}\n` };
}
