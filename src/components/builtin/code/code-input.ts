import { input } from '@prismatic-io/spectral';
import { cleanText } from '../clean-input';

/** The input that holds the author's code, beginning with a template of it. */
export const codeInput = (template: string, comments: string) =>
  input({
    label: 'Code',
    type: 'code',
    language: 'javascript',
    required: true,
    default: template,
    comments,
    clean: cleanText,
  });
