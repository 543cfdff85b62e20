//! Where values are kept: wasi:keyvalue, or what a test has in its place.

mod bindings {
    wit_bindgen::generate!({ path: "wit", world: "kv", generate_all });
}
use bindings::wasi::keyvalue::store;

pub trait Store {
    fn get(&self, key: &str) -> Result<Option<Vec<u8>>, String>;
    fn set(&self, key: &str, value: &[u8]) -> Result<(), String>;
}

/// A bucket of the host.
pub struct Bucket(store::Bucket);

impl Bucket {
    pub fn open(name: &str) -> Result<Self, String> {
        store::open(name).map(Self).map_err(text_of)
    }
}

impl Store for Bucket {
    fn get(&self, key: &str) -> Result<Option<Vec<u8>>, String> {
        self.0.get(key).map_err(text_of)
    }

    fn set(&self, key: &str, value: &[u8]) -> Result<(), String> {
        self.0.set(key, value).map_err(text_of)
    }
}

fn text_of(error: store::Error) -> String {
    match error {
        store::Error::NoSuchStore => "there is no such bucket".into(),
        store::Error::AccessDenied => "access is denied".into(),
        store::Error::Other(text) => text,
    }
}
