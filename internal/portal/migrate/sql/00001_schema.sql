-- +goose Up
create schema portal;

-- +goose Down
drop schema portal;
