//! Which methods does a descriptor set describe?

use std::fmt;

use prost::Message;
use prost_types::{FileDescriptorSet, MethodDescriptorProto, ServiceDescriptorProto};

/// The full names of all methods in a `FileDescriptorSet`.
pub(super) fn methods(set: &[u8]) -> Result<Vec<String>, DescriptorSetError> {
    let set = FileDescriptorSet::decode(set).map_err(DescriptorSetError)?;
    let services = set
        .file
        .iter()
        .flat_map(|file| file.service.iter().map(|service| (file.package(), service)));
    Ok(services.flat_map(|(package, service)| of_service(package, service)).collect())
}

fn of_service<'a>(
    package: &'a str,
    service: &'a ServiceDescriptorProto,
) -> impl Iterator<Item = String> + 'a {
    let dot = if package.is_empty() { "" } else { "." };
    service
        .method
        .iter()
        .map(MethodDescriptorProto::name)
        .map(move |method| format!("{package}{dot}{}/{method}", service.name()))
}

/// The given bytes are not a `google.protobuf.FileDescriptorSet`.
#[derive(Clone, Debug)]
pub struct DescriptorSetError(prost::DecodeError);

impl fmt::Display for DescriptorSetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "not a `FileDescriptorSet`, as `protoc --descriptor_set_out` or \
             `tonic::include_file_descriptor_set!` has it: {}",
            self.0
        )
    }
}

impl std::error::Error for DescriptorSetError {}

#[cfg(test)]
mod tests {
    use prost_types::FileDescriptorProto;

    use super::*;

    fn service(name: &str, methods: &[&str]) -> ServiceDescriptorProto {
        let method = methods.iter().map(|name| MethodDescriptorProto {
            name: Some((*name).to_owned()),
            ..Default::default()
        });
        ServiceDescriptorProto {
            name: Some(name.to_owned()),
            method: method.collect(),
            ..Default::default()
        }
    }

    #[test]
    fn every_method_of_every_service_is_listed_with_its_package() {
        let file = |package: Option<&str>, service| FileDescriptorProto {
            package: package.map(str::to_owned),
            service,
            ..Default::default()
        };
        let stock = vec![service("Stock", &["Count", "Watch"]), service("Empty", &[])];
        let set = FileDescriptorSet {
            file: vec![
                file(Some("shop.v1"), stock),
                file(None, vec![service("Ping", &["Ping"])]),
                file(Some("types"), vec![]),
            ],
        };

        let methods = methods(&set.encode_to_vec()).expect("a descriptor set");

        assert_eq!(methods, ["shop.v1.Stock/Count", "shop.v1.Stock/Watch", "Ping/Ping"]);
    }

    #[test]
    fn what_is_no_descriptor_set_is_an_error_that_says_so() {
        let error = methods(b"syntax = \"proto3\";").expect_err("text is not binary");

        assert!(error.to_string().contains("protoc --descriptor_set_out"), "{error}");
    }
}
