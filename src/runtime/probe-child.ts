// Runs in a process of its own, started by probe.ts, so that a library that aborts takes nobody with it.
// Reports each step on standard output, one JSON value a line: the parent then knows where it ended.
import koffi from 'koffi';
import type { Library } from './library.js';
import type { Device, ProbeReport } from './probe.js';

const TF_FLOAT = 1;
const library = JSON.parse(process.argv[2]!) as Library;

function report(line: ProbeReport): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

report({ step: 'load' });
koffi.config({ sync_stack_size: 8 << 20, async_stack_size: 8 << 20 });
for (const file of library.preload) koffi.load(file, { global: true });
const framework = koffi.load(library.framework);
const cc = koffi.load(library.cc);

const newStatus = framework.func('void* TF_NewStatus()');
const getCode = framework.func('int TF_GetCode(void*)');
const getMessage = framework.func('const char* TF_Message(void*)');
const version = cc.func('const char* TF_Version()');
const newOptions = cc.func('void* TFE_NewContextOptions()');
const newContext = cc.func('void* TFE_NewContext(void*, void*)');
const listDevices = cc.func('void* TFE_ContextListDevices(void*, void*)');
const deviceCount = cc.func('int TF_DeviceListCount(void*)');
const deviceName = cc.func('const char* TF_DeviceListName(void*, int, void*)');
const deviceType = cc.func('const char* TF_DeviceListType(void*, int, void*)');
const allocate = cc.func('void* TF_AllocateTensor(int, const int64_t*, int, size_t)');
const tensorData = cc.func('void* TF_TensorData(void*)');
const newHandle = cc.func('void* TFE_NewTensorHandle(void*, void*)');
const resolve = cc.func('void* TFE_TensorHandleResolve(void*, void*)');
const newOp = cc.func('void* TFE_NewOp(void*, const char*, void*)');
const addInput = cc.func('void TFE_OpAddInput(void*, void*, void*)');
const execute = cc.func('void TFE_Execute(void*, _Out_ void**, _Inout_ int*, void*)');

const status = newStatus();
/** A result, once the status says that it is one. */
function checked<T>(value: T): T {
  if (getCode(status) !== 0) throw new Error(getMessage(status));
  return value;
}

report({ step: 'context' });
const context = checked(newContext(newOptions(), status));
const list = checked(listDevices(context, status));
const devices: Device[] = Array.from({ length: deviceCount(list) }, (_, i) => ({
  name: checked(deviceName(list, i, status)),
  type: checked(deviceType(list, i, status)),
}));

report({ step: 'op' });
const tensor = allocate(TF_FLOAT, BigInt64Array.of(2n, 2n), 2, 16);
new Float32Array(koffi.view(tensorData(tensor), 16)).set([1, 2, 3, 4]);
const handle = checked(newHandle(tensor, status));
const op = checked(newOp(context, 'MatMul', status));
checked(addInput(op, handle, status));
checked(addInput(op, handle, status));
const outputs = [null];
checked(execute(op, outputs, [1], status));
const product = checked(resolve(outputs[0], status));
const values = [...new Float32Array(koffi.view(tensorData(product), 16))];
if (values.join() !== '7,10,15,22') throw new Error(`MatMul gave ${values.join()} where 7,10,15,22 is right`);
report({ step: 'done', version: version(), devices });
// The native handles go with the process; leaving at once also skips destructors that could still fail.
process.exit(0);
