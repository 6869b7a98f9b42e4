// Code packages: fetched when a page of theirs is first shown, then `require`d file by file. A file of a package that has not been
// fetched cannot be required, and the main package cannot require a sub-package's file at all.
export function createPackages(host) {
  const { packages, configs } = host.program;
  const state = new Map(
    packages.map(({ root }, index) => [root, { index, root, groups: undefined, loaded: undefined }]),
  );
  const modules = new Map();
  const defined = new Set();
  const rootOf = (file) => packages.map(({ root }) => root).find((root) => root !== '' && file.startsWith(root)) ?? '';

  const api = {
    rootOf,
    isLoaded: (root) => state.get(root).loaded !== undefined,
    definePackage(root, names, run) {
      const define = (file, factory) => modules.set(file, { root, factory, exports: {}, isStarted: false });
      run(define, ...names.map((name) => host.given.names[name]));
    },
    defineTemplates(root, groups) {
      state.get(root).groups = groups;
    },
    /** Fetches a package's scripts, templates and styles; a second call waits for the first. */
    load(root) {
      const one = state.get(root);
      one.loaded ??= loadParts(one);
      return one.loaded;
    },
    require: (file) => start(file),
    /** Registers a page or component (its components first) with the framework, by running its file. */
    define(path) {
      if (defined.has(path)) return;
      defined.add(path);
      const using = { ...host.program.app.usingComponents, ...configs[path]?.usingComponents };
      const resolved = Object.entries(using).map(([tag, target]) => [tag, resolvePath(path, target, host)]);
      host.space.addComponentStaticConfig(path, { ...configs[path], usingComponents: Object.fromEntries(resolved) });
      const groups = state.get(rootOf(path)).groups;
      if (groups[path] === undefined) throw new Error(`no template ${path}.wxml`);
      host.space.addCompiledTemplate(path, { groupList: groups, content: groups[path] });
      for (const [tag, target] of resolved) {
        host.backend.allowTag(tag);
        if (target !== undefined && target !== path) api.define(target.replace(/^\//, ''));
      }
      host.given.definePath = path;
      start(`${path}.js`);
      if (!host.given.registered.has(path)) throw new Error(`${path}.js calls neither Page() nor Component()`);
    },
  };

  async function loadParts(one) {
    const base = `/package/${one.index}`;
    const styles = await fetchStyles(`${base}/styles.json`);
    for (const [path, { css, scope }] of Object.entries(styles)) {
      host.backend.registerStyleSheetContent(path, css);
      host.space.addStyleSheet(path, path, scope === '' ? undefined : scope);
    }
    await addScript(`${base}/templates.js`);
    await addScript(`${base}/scripts.js`);
  }

  function start(file) {
    const module = modules.get(file);
    if (module === undefined) throw new Error(`module '${file}' is not defined`);
    if (module.isStarted) return module.exports;
    module.isStarted = true;
    const holder = { exports: module.exports };
    const require = (name) => {
      const target = moduleName(file, name);
      const targetRoot = rootOf(target);
      if (targetRoot !== '' && targetRoot !== module.root)
        throw new Error(`${file}: require of ${target}, which is in another sub-package`);
      module.exports = holder.exports;
      return start(target);
    };
    module.factory.call(undefined, require, holder, module.exports);
    module.exports = holder.exports;
    return module.exports;
  }
  return api;
}

/** WeChat's require takes relative paths, or paths from the root; `.js` may be left out; there are no package names. */
function moduleName(from, name) {
  const base = name.startsWith('/') ? [] : from.split('/').slice(0, -1);
  const parts = [];
  for (const part of [...base, ...name.split('/')]) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  const file = parts.join('/');
  return file.endsWith('.js') ? file : `${file}.js`;
}

function resolvePath(owner, target, host) {
  if (target.startsWith('plugin://')) {
    host.faults.add(`${owner} uses ${target}: plugins are not part of this host`);
    return undefined;
  }
  return `/${moduleName(owner, target).slice(0, -3)}`;
}

async function fetchStyles(url) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(await answer.text());
  return answer.json();
}

async function addScript(src) {
  const isLoaded = await new Promise((resolve) => {
    const script = document.createElement('script');
    script.src = src;
    script.onload = () => resolve(true);
    script.onerror = () => resolve(false);
    document.head.append(script);
  });
  if (!isLoaded) throw new Error(await (await fetch(src)).text()); // the server says why
}
