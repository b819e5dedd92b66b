// The part of TensorFlow's C API that tfjs-node's addon uses, declared. The API is stable; the headers themselves come
// only with packages of hundreds of megabytes.
#ifndef CNN_NODE_TENSORFLOW_H_
#define CNN_NODE_TENSORFLOW_H_

#include <stddef.h>
#include <stdint.h>

extern "C" {

enum TF_Code { TF_OK = 0 };
enum TF_DataType {
  TF_FLOAT = 1,
  TF_INT32 = 3,
  TF_UINT8 = 4,
  TF_STRING = 7,
  TF_COMPLEX64 = 8,
  TF_INT64 = 9,
  TF_BOOL = 10,
  TF_RESOURCE = 20,
};
enum TF_AttrType {
  TF_ATTR_STRING = 0,
  TF_ATTR_INT = 1,
  TF_ATTR_FLOAT = 2,
  TF_ATTR_BOOL = 3,
  TF_ATTR_TYPE = 4,
  TF_ATTR_SHAPE = 5,
};

struct TF_Status;
struct TF_Tensor;
struct TF_Graph;
struct TF_Operation;
struct TF_Session;
struct TF_SessionOptions;
struct TF_DeviceList;
struct TFE_Context;
struct TFE_ContextOptions;
struct TFE_Op;
struct TFE_TensorHandle;
struct TF_Output {
  TF_Operation* oper;
  int index;
};
struct TF_Buffer {
  const void* data;
  size_t length;
  void (*data_deallocator)(void* data, size_t length);
};
// A string in a tensor: opaque, 24 bytes.
struct TF_TString {
  uint64_t opaque[3];
};

const char* TF_Version(void);
size_t TF_DataTypeSize(TF_DataType);

TF_Status* TF_NewStatus(void);
void TF_DeleteStatus(TF_Status*);
TF_Code TF_GetCode(const TF_Status*);
const char* TF_Message(const TF_Status*);

TF_Buffer* TF_NewBuffer(void);
TF_Buffer* TF_NewBufferFromString(const void* proto, size_t length);
void TF_DeleteBuffer(TF_Buffer*);

TF_Tensor* TF_NewTensor(TF_DataType, const int64_t* dims, int num_dims, void* data, size_t length,
                        void (*deallocator)(void* data, size_t length, void* arg), void* deallocator_arg);
TF_Tensor* TF_AllocateTensor(TF_DataType, const int64_t* dims, int num_dims, size_t length);
void TF_DeleteTensor(TF_Tensor*);
TF_DataType TF_TensorType(const TF_Tensor*);
int TF_NumDims(const TF_Tensor*);
int64_t TF_Dim(const TF_Tensor*, int index);
size_t TF_TensorByteSize(const TF_Tensor*);
void* TF_TensorData(const TF_Tensor*);
int64_t TF_TensorElementCount(const TF_Tensor*);

void TF_StringInit(TF_TString*);
void TF_StringCopy(TF_TString*, const char* source, size_t size);
void TF_StringDealloc(TF_TString*);
const char* TF_StringGetDataPointer(const TF_TString*);
size_t TF_StringGetSize(const TF_TString*);

TF_Graph* TF_NewGraph(void);
void TF_DeleteGraph(TF_Graph*);
TF_Operation* TF_GraphOperationByName(TF_Graph*, const char* name);
TF_SessionOptions* TF_NewSessionOptions(void);
void TF_DeleteSessionOptions(TF_SessionOptions*);
TF_Session* TF_LoadSessionFromSavedModel(const TF_SessionOptions*, const TF_Buffer* run_options, const char* export_dir,
                                         const char* const* tags, int num_tags, TF_Graph*, TF_Buffer* meta_graph,
                                         TF_Status*);
void TF_SessionRun(TF_Session*, const TF_Buffer* run_options, const TF_Output* inputs, TF_Tensor* const* input_values,
                   int num_inputs, const TF_Output* outputs, TF_Tensor** output_values, int num_outputs,
                   const TF_Operation* const* targets, int num_targets, TF_Buffer* run_metadata, TF_Status*);
void TF_DeleteSession(TF_Session*, TF_Status*);

int TF_DeviceListCount(const TF_DeviceList*);
const char* TF_DeviceListName(const TF_DeviceList*, int index, TF_Status*);
const char* TF_DeviceListType(const TF_DeviceList*, int index, TF_Status*);
void TF_DeleteDeviceList(TF_DeviceList*);

TFE_ContextOptions* TFE_NewContextOptions(void);
void TFE_DeleteContextOptions(TFE_ContextOptions*);
TFE_Context* TFE_NewContext(const TFE_ContextOptions*, TF_Status*);
void TFE_DeleteContext(TFE_Context*);
TF_DeviceList* TFE_ContextListDevices(TFE_Context*, TF_Status*);

TFE_TensorHandle* TFE_NewTensorHandle(const TF_Tensor*, TF_Status*);
void TFE_DeleteTensorHandle(TFE_TensorHandle*);
TF_DataType TFE_TensorHandleDataType(TFE_TensorHandle*);
int TFE_TensorHandleNumDims(TFE_TensorHandle*, TF_Status*);
int64_t TFE_TensorHandleDim(TFE_TensorHandle*, int index, TF_Status*);
TF_Tensor* TFE_TensorHandleResolve(TFE_TensorHandle*, TF_Status*);
TFE_TensorHandle* TFE_TensorHandleCopyToDevice(TFE_TensorHandle*, TFE_Context*, const char* device, TF_Status*);

TFE_Op* TFE_NewOp(TFE_Context*, const char* name, TF_Status*);
void TFE_DeleteOp(TFE_Op*);
void TFE_OpAddInput(TFE_Op*, TFE_TensorHandle*, TF_Status*);
void TFE_OpSetAttrString(TFE_Op*, const char* name, const void* value, size_t length);
void TFE_OpSetAttrInt(TFE_Op*, const char* name, int64_t value);
void TFE_OpSetAttrIntList(TFE_Op*, const char* name, const int64_t* values, int count);
void TFE_OpSetAttrFloat(TFE_Op*, const char* name, float value);
void TFE_OpSetAttrFloatList(TFE_Op*, const char* name, const float* values, int count);
void TFE_OpSetAttrBool(TFE_Op*, const char* name, unsigned char value);
void TFE_OpSetAttrBoolList(TFE_Op*, const char* name, const unsigned char* values, int count);
void TFE_OpSetAttrType(TFE_Op*, const char* name, TF_DataType value);
void TFE_OpSetAttrShape(TFE_Op*, const char* name, const int64_t* dims, int num_dims, TF_Status*);
void TFE_Execute(TFE_Op*, TFE_TensorHandle** results, int* num_results, TF_Status*);

}  // extern "C"

// Names of TensorFlow's inline string functions; the library exports the same ones under these.
#define TF_TString_Init TF_StringInit
#define TF_TString_Copy TF_StringCopy
#define TF_TString_Dealloc TF_StringDealloc
#define TF_TString_GetDataPointer TF_StringGetDataPointer
#define TF_TString_GetSize TF_StringGetSize

#endif  // CNN_NODE_TENSORFLOW_H_
