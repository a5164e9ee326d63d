import { component } from '@prismatic-io/spectral';
import { decryptAes, encryptAes } from './aes';
import { decryptRsa, encryptRsa, generateKey, generateRsaKeyPair, sign, verify } from './rsa';

export default component({
  key: 'encryption',
  display: {
    label: 'Encryption',
    description: 'Encrypts, decrypts, signs and verifies.',
    category: 'Helpers',
    iconPath: '',
  },
  actions: { encryptAes, decryptAes, encryptRsa, decryptRsa, sign, verify, generateKey, generateRsaKeyPair },
});
