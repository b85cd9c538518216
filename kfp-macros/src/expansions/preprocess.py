def preprocess_data(raw_data_path: str, processed_data, validation_split: float = 0.2):
    pass
