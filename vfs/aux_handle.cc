#include "vfs/aux_handle.h"

#include <new>
#include <utility>

namespace squall {

namespace {

constexpr int kAuxSectorBytes = 4096;

struct AuxHandle {
  sqlite3_file base;
  std::shared_ptr<AuxFile> file;
  AuxFiles* remove_from;
  std::string path;
};

AuxHandle* handle_of(sqlite3_file* file) { return reinterpret_cast<AuxHandle*>(file); }

int close(sqlite3_file* file) {
  AuxHandle* handle = handle_of(file);
  if (handle->remove_from != nullptr) handle->remove_from->remove(handle->path);
  handle->~AuxHandle();
  return SQLITE_OK;
}
int read(sqlite3_file* file, void* out, int size_bytes, sqlite3_int64 offset_bytes) {
  return handle_of(file)->file->read(static_cast<char*>(out), static_cast<size_t>(size_bytes),
                                     static_cast<uint64_t>(offset_bytes));
}
int write(sqlite3_file* file, const void* bytes, int size_bytes, sqlite3_int64 offset_bytes) {
  handle_of(file)->file->write(static_cast<const char*>(bytes), static_cast<size_t>(size_bytes),
                               static_cast<uint64_t>(offset_bytes));
  return SQLITE_OK;
}
int truncate(sqlite3_file* file, sqlite3_int64 size_bytes) {
  handle_of(file)->file->truncate(static_cast<uint64_t>(size_bytes));
  return SQLITE_OK;
}
int sync(sqlite3_file*, int) { return SQLITE_OK; }
int file_size(sqlite3_file* file, sqlite3_int64* size_bytes) {
  *size_bytes = static_cast<sqlite3_int64>(handle_of(file)->file->size_bytes());
  return SQLITE_OK;
}
int lock(sqlite3_file*, int) { return SQLITE_OK; }
int check_reserved_lock(sqlite3_file*, int* reserved) {
  *reserved = 0;
  return SQLITE_OK;
}
int file_control(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }
int sector_size(sqlite3_file*) { return kAuxSectorBytes; }
int device_characteristics(sqlite3_file*) { return 0; }

sqlite3_io_methods make_methods() {
  sqlite3_io_methods methods{};
  methods.iVersion = 1;
  methods.xClose = close;
  methods.xRead = read;
  methods.xWrite = write;
  methods.xTruncate = truncate;
  methods.xSync = sync;
  methods.xFileSize = file_size;
  methods.xLock = lock;
  methods.xUnlock = lock;
  methods.xCheckReservedLock = check_reserved_lock;
  methods.xFileControl = file_control;
  methods.xSectorSize = sector_size;
  methods.xDeviceCharacteristics = device_characteristics;
  return methods;
}

}  // namespace

int aux_handle_bytes() { return sizeof(AuxHandle); }

void open_aux_handle(sqlite3_file* memory, std::shared_ptr<AuxFile> file, AuxFiles* remove_from,
                     std::string path) {
  static const sqlite3_io_methods kMethods = make_methods();
  new (memory) AuxHandle{{&kMethods}, std::move(file), remove_from, std::move(path)};
}

}  // namespace squall
