//! Sets up TLS to the server: the certificate is always checked, against the named authority or those that the system
//! trusts, for the host that the address names.
//!
//! Deliberately absent: a mode that encrypts without checking, which does not protect against an active attacker.

use super::super::StoreError;
use super::address::Address;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use std::sync::Arc;
use tokio_postgres_rustls::MakeRustlsConnect;

/// The TLS connector of an address.
///
/// # Errors
/// [`StoreError::Untrusted`] when no authority can be read.
pub(super) fn connector(address: &Address) -> Result<MakeRustlsConnect, StoreError> {
    let mut roots = RootCertStore::empty();
    if address.needs_tls() {
        trust(&mut roots, address)?;
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| StoreError::internal(&error.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}

fn trust(roots: &mut RootCertStore, address: &Address) -> Result<(), StoreError> {
    if let Some(path) = address.root_certificate() {
        let unreadable = || StoreError::Untrusted { what: path.display().to_string() };
        for certificate in CertificateDer::pem_file_iter(path).map_err(|_| unreadable())? {
            roots.add(certificate.map_err(|_| unreadable())?).map_err(|_| unreadable())?;
        }
    } else {
        // A few unreadable ones among the system's are no error.
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    }
    if roots.is_empty() {
        return Err(StoreError::Untrusted { what: address.to_string() });
    }
    Ok(())
}
