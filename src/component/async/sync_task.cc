#include "component/async/sync_task.h"

#include "component/async/scheduler.h"

namespace wasmcloud::component {

void SyncTask::begin_task(const Lifted& lifted) {
  auto task = instance_.scheduler().add_task(lifted, nullptr, Thread::Place::CallersStack);
  if (!task) {
    // What calls itself so often; its stack will be at its end too.
    instance_.set_thread(&context_);
    return;
  }
  task_ = *task;
  task_->begin_on_callers_stack();
  instance_.set_thread(&task_->first_thread());
}

Result<void> SyncTask::end_task() const {
  task_->resolve_on_callers_stack();
  TRY(task_->end_thread(task_->first_thread()));
  if (task_->is_over()) instance_.scheduler().remove(*task_);
  return {};
}

}  // namespace wasmcloud::component
