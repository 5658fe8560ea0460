"""Certificates for the stage."""

import subprocess


def certificate(folder, domain):
    """Makes DOMAIN.crt and DOMAIN.key in the folder, where Prosody looks for them. Returns the certificate's path.

    The key is short: nothing here is to be protected, and short certificates make small recordings.
    """
    crt, key = folder / f"{domain}.crt", folder / f"{domain}.key"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                    "-days", "3650", "-subj", f"/CN={domain}", "-addext", f"subjectAltName=DNS:{domain}",
                    "-keyout", str(key), "-out", str(crt)], check=True, stderr=subprocess.DEVNULL)
    return crt
