// Entry of the SCF event function: "index.main_handler" (triggers: COS object created, timer).
// The cloud's ports (PostgreSQL, COS, KMS) are composed by `ports.js` beside this file, which a deployment brings along:
//   exports.createPorts = async () => ({ … });   // the record of src/ports/ports.ts
const { createMainHandler } = require('../dist/function/scf-main-handler');
const { startFunctions } = require('../dist/function/start-functions');

exports.main_handler = createMainHandler(async () => startFunctions(await require('./ports').createPorts()));
