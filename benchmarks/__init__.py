"""Every figure that Assay claims, measured on the same arrays as its peers."""
