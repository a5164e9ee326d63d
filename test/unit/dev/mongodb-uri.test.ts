import { withDatabase } from '../../../src/dev/servers/mongodb-uri';

test.each([
  ['mongodb://h:1', 'mongodb://h:1/x'],
  ['mongodb://h:1/', 'mongodb://h:1/x'],
  ['mongodb://h:1,i:2/old?replicaSet=rs', 'mongodb://h:1,i:2/x?replicaSet=rs'],
  ['mongodb://u:p@h:1/old', 'mongodb://u:p@h:1/x?authSource=old'],
  ['mongodb://u:p@h:1/?tls=true', 'mongodb://u:p@h:1/x?tls=true&authSource=admin'],
  ['mongodb+srv://u:p@h/old?authSource=admin', 'mongodb+srv://u:p@h/x?authSource=admin'],
])('%s with another database keeps its servers, options and place of users', (uri, expected) => {
  expect(withDatabase(uri, 'x')).toBe(expected);
});
