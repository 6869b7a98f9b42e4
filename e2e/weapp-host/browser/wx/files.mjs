// wx.getFileSystemManager: files under USER_DATA_PATH (200 MB in all), temporary files, and the package's own files to read.
// https://developers.weixin.qq.com/miniprogram/dev/framework/ability/file-system.html
import { asyncCall, WxFail } from './calling.mjs';

const userRoot = 'http://usr';
const documentTypes = ['doc', 'docx', 'xls', 'xlsx', 'ppt', 'pptx', 'pdf'];
const quota = 200 * 1024 * 1024;

export function fileCalls(host) {
  const files = new Map();
  const folders = new Set([userRoot]);
  const album = [];
  const opened = [];
  let serial = 0;
  let mayWriteAlbum = host.settings.authorised?.includes('scope.writePhotosAlbum') ? true : undefined;

  const inUserArea = (path) => {
    if (!String(path).startsWith(`${userRoot}/`)) throw new WxFail(`permission denied, open "${path}"`);
    return path;
  };
  const parentOf = (path) => path.slice(0, path.lastIndexOf('/'));
  const bytesOf = (path) => {
    if (files.has(path)) return files.get(path);
    const inPackage = path.replace(/^\//, '');
    if (host.program.files.includes(inPackage)) return readPackageFile(inPackage);
    throw new WxFail(`no such file or directory, open "${path}"`);
  };
  const write = ({ filePath, data, encoding = 'utf8' }) => {
    inUserArea(filePath);
    if (!folders.has(parentOf(filePath))) throw new WxFail(`no such file or directory, open "${filePath}"`);
    const bytes = typeof data === 'string' ? fromText(data, encoding) : new Uint8Array(data.slice(0));
    const used = [...files.values()].reduce((sum, one) => sum + one.length, 0) - (files.get(filePath)?.length ?? 0);
    if (used + bytes.length > quota) throw new WxFail('the maximum size of the file storage limit is exceeded');
    files.set(filePath, bytes);
  };
  const read = ({ filePath, encoding, position = 0, length }) => {
    const bytes = bytesOf(filePath).slice(position, length === undefined ? undefined : position + length);
    return { data: encoding === undefined ? bytes.buffer : toText(bytes, encoding) };
  };
  const remove = ({ filePath }) => {
    inUserArea(filePath);
    if (!files.delete(filePath)) throw new WxFail(`no such file or directory, unlink "${filePath}"`);
  };
  const access = ({ path }) => {
    if (!folders.has(path)) bytesOf(path);
  };
  const makeFolder = ({ dirPath, recursive = false }) => {
    inUserArea(dirPath);
    if (folders.has(dirPath)) throw new WxFail(`file already exists ${dirPath}`);
    if (!recursive && !folders.has(parentOf(dirPath)))
      throw new WxFail(`no such file or directory, mkdir "${dirPath}"`);
    for (let at = dirPath; at.length >= userRoot.length; at = parentOf(at)) folders.add(at);
  };
  const list = ({ dirPath }) => {
    if (!folders.has(dirPath)) throw new WxFail(`no such file or directory, readdir "${dirPath}"`);
    const inside = [...files.keys(), ...folders].filter((path) => parentOf(path) === dirPath);
    return { files: inside.map((path) => path.slice(dirPath.length + 1)) };
  };
  const removeFolder = ({ dirPath, recursive = false }) => {
    inUserArea(dirPath);
    const inside = [...files.keys(), ...folders].filter((path) => path.startsWith(`${dirPath}/`));
    if (inside.length > 0 && !recursive) throw new WxFail('directory not empty');
    for (const path of [dirPath, ...inside]) files.delete(path), folders.delete(path);
  };
  const info = ({ filePath }) => ({ size: bytesOf(filePath).length });
  const sync =
    (name, work) =>
    (...args) => {
      try {
        return work(...args);
      } catch (error) {
        throw new Error(`${name}:fail ${error.message}`);
      }
    };
  const stat = (path) => ({
    isDirectory: () => folders.has(path),
    isFile: () => files.has(path),
    size: files.get(path)?.length ?? 0,
  });
  const manager = {
    writeFile: asyncCall(host, 'writeFile', write),
    writeFileSync: sync('writeFileSync', (filePath, data, encoding) => write({ filePath, data, encoding })),
    readFile: asyncCall(host, 'readFile', read),
    readFileSync: sync(
      'readFileSync',
      (filePath, encoding, position, length) => read({ filePath, encoding, position, length }).data,
    ),
    unlink: asyncCall(host, 'unlink', remove),
    unlinkSync: sync('unlinkSync', (filePath) => remove({ filePath })),
    access: asyncCall(host, 'access', access),
    accessSync: sync('accessSync', (path) => access({ path })),
    mkdir: asyncCall(host, 'mkdir', makeFolder),
    mkdirSync: sync('mkdirSync', (dirPath, recursive) => makeFolder({ dirPath, recursive })),
    rmdir: asyncCall(host, 'rmdir', removeFolder),
    rmdirSync: sync('rmdirSync', (dirPath, recursive) => removeFolder({ dirPath, recursive })),
    readdir: asyncCall(host, 'readdir', list),
    readdirSync: sync('readdirSync', (dirPath) => list({ dirPath }).files),
    stat: asyncCall(host, 'stat', ({ path }) => (access({ path }), { stats: stat(path) })),
    statSync: sync('statSync', (path) => (access({ path }), stat(path))),
    getFileInfo: asyncCall(host, 'getFileInfo', info),
  };

  const saveToAlbum = asyncCall(host, 'saveImageToPhotosAlbum', async ({ filePath }) => {
    const bytes = bytesOf(filePath);
    mayWriteAlbum ??= await host.overlays.permission('“影云”想要保存图片到你的相册');
    if (!mayWriteAlbum) throw new WxFail('auth deny');
    album.push({ path: filePath, bytes: bytes.length });
  });
  return {
    calls: {
      env: { USER_DATA_PATH: userRoot },
      getFileSystemManager: () => manager,
      saveImageToPhotosAlbum: saveToAlbum,
      getSetting: asyncCall(host, 'getSetting', () => ({
        authSetting: mayWriteAlbum === undefined ? {} : { 'scope.writePhotosAlbum': mayWriteAlbum },
      })),
      authorize: asyncCall(host, 'authorize', async ({ scope }) => {
        if (scope !== 'scope.writePhotosAlbum') throw new WxFail(`scope ${scope} is not part of this host`);
        mayWriteAlbum ??= await host.overlays.permission('“影云”想要保存图片到你的相册');
        if (!mayWriteAlbum) throw new WxFail('auth deny');
      }),
      openSetting: asyncCall(host, 'openSetting', () => ({
        authSetting: { 'scope.writePhotosAlbum': mayWriteAlbum ?? false },
      })),
      // https://developers.weixin.qq.com/miniprogram/dev/api/file/wx.openDocument.html
      openDocument: asyncCall(host, 'openDocument', ({ filePath, fileType, showMenu = false }) => {
        if (fileType !== undefined && !documentTypes.includes(fileType)) throw new WxFail('filetype not supported');
        opened.push({ path: filePath, fileType, showMenu, bytes: [...bytesOf(filePath)] });
      }),
      previewImage: asyncCall(host, 'previewImage', ({ urls }) => {
        host.overlays.previewed = urls;
      }),
    },
    name: 'files',
    door: {
      album: () => [...album],
      openedDocuments: () => [...opened],
      userFiles: () => [...files.keys()].filter((path) => path.startsWith(userRoot)),
      urlOf: (path) => (files.has(path) ? URL.createObjectURL(new Blob([files.get(path)])) : undefined),
      keepTemporary(bytes, extension) {
        const path = `http://tmp/${++serial}.${extension}`;
        files.set(path, bytes);
        return path;
      },
    },
  };
}

function readPackageFile(file) {
  const ask = new XMLHttpRequest();
  ask.open('GET', `/app/${file}`, false);
  ask.overrideMimeType('text/plain; charset=x-user-defined'); // a synchronous request may not answer bytes
  ask.send();
  return Uint8Array.from(ask.responseText, (character) => character.charCodeAt(0) & 0xff);
}

function fromText(text, encoding) {
  if (encoding === 'base64') return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  if (encoding === 'binary' || encoding === 'latin1' || encoding === 'ascii')
    return Uint8Array.from(text, (one) => one.charCodeAt(0) & 0xff);
  return new TextEncoder().encode(text);
}

function toText(bytes, encoding) {
  if (encoding === 'base64') return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  if (encoding === 'hex') return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  if (encoding === 'binary' || encoding === 'latin1' || encoding === 'ascii')
    return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  return new TextDecoder().decode(bytes);
}
