import { input } from '@prismatic-io/spectral';
import { cleanBytes } from '../bytes-input';
import { cleanText } from '../clean-input';
import { ALGORITHMS } from './algorithms';

export const message = input({
  label: 'Message',
  type: 'data',
  required: true,
  comments: 'Text, or a file, whose bytes are taken as they are.',
  clean: cleanBytes,
});

export const secretKey = input({
  label: 'Secret Key',
  type: 'data',
  required: true,
  comments: 'The shared secret: text or bytes.',
  clean: cleanBytes,
});

export const functionInput = (label: string) =>
  input({
    label,
    type: 'string',
    required: true,
    default: 'sha256',
    model: ALGORITHMS.map((name) => ({ label: name, value: name.toLowerCase() })),
    comments: 'The function that computes the hash.',
    clean: (value: unknown) => cleanText(value).trim() || 'sha256',
  });
