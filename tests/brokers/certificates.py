"""Certificates of an authority that exists for a test only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import trustme
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

if TYPE_CHECKING:
    from pathlib import Path


class Authority:
    """An authority, its file, and what it issues, as PEM files in a folder."""

    def __init__(self, folder: Path) -> None:
        """Make one in a folder, which is made, too."""
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._authority = trustme.CA()
        self.file = folder / "authority.pem"
        self._authority.cert_pem.write_to_path(self.file)

    def server(self) -> tuple[Path, Path]:
        """Give the certificate of a server on this machine, and the file of its key."""
        return self._write(self._authority.issue_cert("127.0.0.1", "localhost"), "server")

    def client(self, name: str) -> tuple[Path, Path]:
        """Give the certificate of a client with this common name, and the file of its key."""
        return self._write(self._authority.issue_cert(f"{name}@example.com", common_name=name), name)

    def _write(self, issued: trustme.LeafCert, name: str) -> tuple[Path, Path]:
        """Write the key as PKCS #8, the only form that Kafka reads."""
        certificate, key = self._folder / f"{name}.pem", self._folder / f"{name}.key"
        certificate.write_bytes(b"".join(blob.bytes() for blob in issued.cert_chain_pems))
        private = load_pem_private_key(issued.private_key_pem.bytes(), None)
        key.write_bytes(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        return certificate, key
