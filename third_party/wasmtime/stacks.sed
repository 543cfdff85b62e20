# Opens a stack of the pool when it is first given out: docs/design.md, "Stacks on first use".
/^        use rustix::mm::/d
s/^\(        let mapping = Mmap::accessible_reserved(\)allocation_size, allocation_size)$/\1HostAlignedByteCount::ZERO, allocation_size)/
/^        \/\/ Set up the stack guard pages\.$/,/^        }$/d
s/^    index_allocator: SimpleIndexAllocator,$/&\
    opened: Vec<core::sync::atomic::AtomicBool>,/
s/^            index_allocator: SimpleIndexAllocator::new(config\.limits\.total_stacks)?,$/&\
            opened: core::iter::repeat_with(Default::default).take(max_stacks).collect(),/
/^    pub fn allocate(/,/^    }$/s/^        assert!(index < self\.max_stacks);$/&\
        if let Err(error) = self.open(index) {\
            self.index_allocator.free(SlotId(index as u32), 0);\
            return Err(error);\
        }/
s/^    \/\/\/ Allocate a new fiber\.$/    \/\/\/ Whoever was given the index is alone with it: the allocator's lock orders this.\
    fn open(\&self, index: usize) -> Result<()> {\
        use core::sync::atomic::Ordering::Relaxed;\
        if self.opened[index].load(Relaxed) {\
            return Ok(());\
        }\
        let start = self.stack_size.checked_mul(index)?.checked_add(self.page_size)?;\
        let size = self.stack_size.checked_sub(self.page_size)?;\
        \/\/ SAFETY: nobody has used this stack yet.\
        unsafe { self.mapping.make_accessible(start, size)? };\
        self.opened[index].store(true, Relaxed);\
        Ok(())\
    }\
\
&/
