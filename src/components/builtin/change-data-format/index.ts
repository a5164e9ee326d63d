import { action, component, input } from '@prismatic-io/spectral';
import { fromCsv, fromJson, fromObject, fromXml, fromYaml } from './conversions';
import { writeCsv } from './csv';
import { isSerialized } from './data';
import { deserializeFormData, serializeFormData } from './form-data';
import { writeJson } from './json';
import { deserializeJsonl, serializeJsonl } from './json-lines';
import { parsedText } from './parsed-text';
import { convertToBoolean, convertToInt, convertToNumber, convertToString } from './scalars';
import { writeXml } from './xml';
import { writeYaml } from './yaml';

const prettyPrint = fromObject('Pretty Print', 'Writes data as indented JSON, for people to read.', (value) =>
  writeJson(parsedText(value), 2),
);

const deserializeFromBinary = action({
  display: {
    label: 'Deserialize BINARY',
    description: 'Gives binary data as it is, so that later steps can refer to it.',
  },
  inputs: {
    data: input({
      label: 'Data',
      type: 'data',
      required: true,
      comments: 'A file, bytes or any other value.',
    }),
  },
  perform: async (_context, { data }) => {
    if (!isSerialized(data) || typeof data === 'string') return { data };
    if (data instanceof Uint8Array) return { data, contentType: 'application/octet-stream' };
    const file = data as { data: Uint8Array; contentType?: string };
    return { data: file.data, contentType: file.contentType ?? 'application/octet-stream' };
  },
});

export default component({
  key: 'change-data-format',
  display: {
    label: 'Change Data Format',
    description: 'Turns JSON, XML, YAML, CSV and forms into each other.',
    category: 'Data Platforms',
    iconPath: '',
  },
  actions: {
    convertToBoolean,
    convertToInt,
    convertToNumber,
    convertToString,
    csvToJson: fromCsv('CSV to JSON', 'Turns CSV into JSON text.', writeJson),
    csvToXml: fromCsv('CSV to XML', 'Turns CSV into XML text.', writeXml),
    csvToYaml: fromCsv('CSV to YAML', 'Turns CSV into YAML text.', writeYaml),
    deserializeFromBinary,
    deserializeFromCsv: fromCsv('Deserialize CSV', 'Reads CSV as a list of objects.'),
    deserializeFromJson: fromJson('Deserialize JSON', 'Reads JSON as a value.'),
    deserializeJsonl,
    deserializeFormData,
    deserializeFromXml: fromXml('Deserialize XML', 'Reads XML as an object.'),
    deserializeFromYaml: fromYaml('Deserialize YAML', 'Reads YAML as a value.'),
    binaryToCsv: fromObject('JavaScript Object to CSV', 'Writes a value as CSV text.', (value) =>
      writeCsv(parsedText(value)),
    ),
    binaryToJson: fromObject('JavaScript Object to JSON', 'Writes a value as JSON text.', (value) =>
      writeJson(value),
    ),
    binaryToXml: fromObject('JavaScript Object to XML', 'Writes a value as XML text.', (value) =>
      writeXml(parsedText(value)),
    ),
    binaryToYaml: fromObject('JavaScript Object to YAML', 'Writes a value as YAML text.', (value) =>
      writeYaml(parsedText(value)),
    ),
    jsonToCsv: fromJson('JSON to CSV', 'Turns JSON into CSV text.', writeCsv),
    jsonToXml: fromJson('JSON to XML', 'Turns JSON into XML text.', writeXml),
    jsonToYaml: fromJson('JSON to YAML', 'Turns JSON into YAML text.', writeYaml),
    prettyPrint,
    serializeJsonl,
    serializeFormData,
    xmlToCsv: fromXml('XML to CSV', 'Turns XML into CSV text.', writeCsv),
    xmlToJson: fromXml('XML to JSON', 'Turns XML into JSON text.', writeJson),
    xmlToYaml: fromXml('XML to YAML', 'Turns XML into YAML text.', writeYaml),
    yamlToCsv: fromYaml('YAML to CSV', 'Turns YAML into CSV text.', writeCsv),
    yamlToJson: fromYaml('YAML to JSON', 'Turns YAML into JSON text.', writeJson),
    yamlToXml: fromYaml('YAML to XML', 'Turns YAML into XML text.', writeXml),
  },
});
