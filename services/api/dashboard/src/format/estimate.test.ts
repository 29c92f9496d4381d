import { describe, expect, it } from 'vitest';
import { explained } from './estimate';

describe('what a number is worth', () => {
  it('says nothing of an exact one', () => {
    expect(explained('1,234', undefined)).toBe('1,234');
    expect(explained('1,234', {})).toBe('1,234');
  });

  it('tells the error of an estimate', () => {
    expect(explained('1,234', { estimated: true, error: 0.0081 })).toBe('1,234, estimated; standard error 0.8%');
  });

  it('tells of a formula what it is made of', () => {
    expect(explained('0.5', { estimated: true })).toBe('0.5, made of estimates');
  });
});
