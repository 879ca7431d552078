"""The psychometrician's workbench: tables in and out, item analysis, plots and its report page."""
