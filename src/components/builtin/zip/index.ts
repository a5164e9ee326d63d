import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { action, component, input, util } from '@prismatic-io/spectral';
import { isBinary } from '../clean-input';
import { pack, unpack } from './archive';
import { contentTypeOf } from './content-type';
import { archiveBytes, bytesOf } from './file-bytes';

const MAX_GUNZIP_BYTES = 256 * 1024 * 1024;
/** "PK": also of archives without a single file. */
const ZIP_MAGIC = [0x50, 0x4b];
const GZIP_MAGIC = [0x1f, 0x8b];

const compressGzip = action({
  display: { label: 'Compress Gzip', description: 'Compresses a file with gzip.' },
  inputs: {
    fileData: input({ label: 'File Data', type: 'data', required: true, comments: 'A file or text.' }),
  },
  perform: async (_context, { fileData }) => ({
    data: await promisify(gzip)(bytesOf('File Data', fileData)),
    contentType: 'application/gzip',
  }),
});

const decompressGzip = action({
  display: { label: 'Decompress Gzip', description: 'Expands a file that was compressed with gzip.' },
  inputs: {
    gzipFileData: input({ label: 'Gzip File Data', type: 'data', required: true, comments: 'A file.' }),
  },
  perform: async (_context, { gzipFileData }) => {
    const bytes = archiveBytes('Gzip File Data', gzipFileData, GZIP_MAGIC);
    const expand = promisify<Uint8Array, { maxOutputLength: number }, Buffer>(gunzip);
    try {
      const data = await expand(bytes, { maxOutputLength: MAX_GUNZIP_BYTES });
      return { data, contentType: 'application/octet-stream' };
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      const isTooLarge = code === 'ERR_BUFFER_TOO_LARGE';
      const limit = `it expands to more than ${MAX_GUNZIP_BYTES / 1024 / 1024} MB`;
      throw new Error(`Gzip File Data cannot be expanded: ${isTooLarge ? limit : message}.`);
    }
  },
});

const unzip = action({
  display: { label: 'Unzip', description: 'Gives the files of a zip archive by their paths.' },
  inputs: {
    zipFileData: input({ label: 'Zip File Data', type: 'data', required: true, comments: 'A zip archive.' }),
  },
  perform: async (_context, { zipFileData }) => {
    const files = unpack(archiveBytes('Zip File Data', zipFileData, ZIP_MAGIC));
    const entries = [...files].map(
      ([path, data]) => [path, { data, contentType: contentTypeOf(path) }] as const,
    );
    return { data: Object.fromEntries(entries) };
  },
});

const zip = action({
  display: { label: 'Zip', description: 'Packs files into a zip archive.' },
  inputs: {
    files: input({
      label: 'Files',
      type: 'data',
      required: true,
      comments: 'An object whose keys are the paths in the archive and whose values are files or text.',
      clean: cleanFiles,
    }),
  },
  perform: async (_context, { files }) => ({ data: pack(files), contentType: 'application/zip' }),
});

function cleanFiles(value: unknown): [string, Uint8Array][] {
  const given =
    typeof value === 'string' && util.types.isJSON(value) ? (JSON.parse(value) as unknown) : value;
  const isObject =
    typeof given === 'object' && given !== null && !(given instanceof Uint8Array) && !isBinary(given);
  if (!isObject) throw new Error('Files must be an object of paths and contents.');
  const entries: [unknown, unknown][] = Array.isArray(given)
    ? given.map((pair: { key?: unknown; value?: unknown } | null) => [pair?.key, pair?.value])
    : Object.entries(given);
  return entries.map(([path, content]) => {
    if (typeof path !== 'string' || path === '')
      throw new Error('Files must have paths: one of them has none.');
    return [path, bytesOf(`File "${path}"`, content)];
  });
}

export default component({
  key: 'zip',
  display: {
    label: 'Zip',
    description: 'Packs and unpacks zip archives and gzip files.',
    category: 'Data Platforms',
    iconPath: '',
  },
  actions: { compressGzip, decompressGzip, unzip, zip },
});
